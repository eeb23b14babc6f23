"""The meeting cancelled email."""
