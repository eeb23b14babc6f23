"""What emails and digests carry."""
