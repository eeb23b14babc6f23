"""The gratitude email."""
