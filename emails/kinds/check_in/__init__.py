"""The check in email."""
