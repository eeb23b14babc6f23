"""The meeting email."""
