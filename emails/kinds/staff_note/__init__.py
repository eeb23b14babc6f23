"""The note to staff."""
