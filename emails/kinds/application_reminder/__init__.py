"""The application reminder email."""
