"""The agreed email."""
