"""The email to staff about all replies above the limit."""
