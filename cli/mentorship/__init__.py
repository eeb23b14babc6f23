"""mile mentorship."""
