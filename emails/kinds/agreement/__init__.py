"""The agreement email."""
