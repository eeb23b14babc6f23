"""Matching participants with mentors: criteria, rules, the optimal assignment, its proof and its explanation."""

from domain.matching.run import match

__all__ = ["match"]
