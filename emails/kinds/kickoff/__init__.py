"""The kickoff email."""
