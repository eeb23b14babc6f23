"""The first contact email."""
