"""The match final email."""
