"""Applicants and applications, and the result of an import."""
