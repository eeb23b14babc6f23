"""The follow up email."""
