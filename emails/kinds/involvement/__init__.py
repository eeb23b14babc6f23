"""The involvement email."""
