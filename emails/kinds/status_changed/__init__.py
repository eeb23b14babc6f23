"""The status changed email."""
