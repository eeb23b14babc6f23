"""The self assessment email."""
