"""mile emails."""
