"""The meeting agreed email."""
