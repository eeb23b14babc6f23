"""The meeting proposed email."""
