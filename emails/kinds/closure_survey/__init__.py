"""The closure survey email."""
