"""Matching participants with mentors: criteria, rules, the optimal assignment, its proof and its explanation."""

from domain.matching.changes import changes
from domain.matching.mapping import read_mapping
from domain.matching.run import match
from domain.matching.standing import broken_rules

__all__ = ["broken_rules", "changes", "match", "read_mapping"]
