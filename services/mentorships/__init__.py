"""Use cases about one mentorship: what staff ask of it and do to it."""
