"""The reminders paused email."""
