"""The address confirmation email."""
