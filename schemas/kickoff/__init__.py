"""The half-day session, attendance, and the start of the mentorships."""
