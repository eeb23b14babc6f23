"""The goal check in email."""
