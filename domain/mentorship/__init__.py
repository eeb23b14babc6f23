"""The rules of a mentorship: its plan, its progression, its agreement, its changes."""
