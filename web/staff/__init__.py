"""Pages of staff: who holds a role signs in by a link from an email, and sees the classes of that role."""
