"""People on their way into a cohort, and what an import of them comes to."""
