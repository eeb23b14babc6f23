"""The closing conversation email."""
