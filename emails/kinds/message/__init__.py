"""The email that brings a message of staff."""
