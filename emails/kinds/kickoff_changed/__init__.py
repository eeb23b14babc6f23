"""The kickoff changed email."""
