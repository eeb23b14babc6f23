"""The address change email."""
