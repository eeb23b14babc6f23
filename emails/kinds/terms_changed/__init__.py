"""The terms changed email."""
