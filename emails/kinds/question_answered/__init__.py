"""The question answered email."""
