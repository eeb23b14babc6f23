"""Matching mentees with mentors: criteria, rules, the optimal assignment, its proof and its explanation."""
