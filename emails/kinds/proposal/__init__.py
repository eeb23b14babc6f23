"""The proposal email."""
