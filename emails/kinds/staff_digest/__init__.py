"""The weekly digest for staff."""
