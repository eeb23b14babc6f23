"""The email to staff with all questions above the limit."""
