"""The inquiry email."""
