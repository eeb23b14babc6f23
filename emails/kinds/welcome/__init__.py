"""The welcome email."""
