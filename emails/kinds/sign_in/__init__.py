"""The sign-in email."""
