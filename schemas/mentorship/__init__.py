"""One mentorship: its terms, its state in Temporal, its responses and its changes."""
