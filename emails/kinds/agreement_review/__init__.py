"""The agreement review email."""
