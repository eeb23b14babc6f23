"""The open links email."""
