"""The application link email."""
