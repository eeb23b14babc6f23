"""The agreement changed email."""
