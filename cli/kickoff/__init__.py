"""mile cohort rsvp, attendance, start, and what is printed."""
