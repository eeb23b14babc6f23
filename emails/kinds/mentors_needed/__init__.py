"""The mentors needed email."""
