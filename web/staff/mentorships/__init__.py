"""Pages of staff about one mentorship: where it stands, and each change of it."""
