"""The application received email."""
