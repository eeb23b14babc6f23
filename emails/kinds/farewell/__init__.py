"""The farewell email."""
