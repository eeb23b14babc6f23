"""mile cohort report."""
