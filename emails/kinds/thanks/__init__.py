"""The thanks email."""
