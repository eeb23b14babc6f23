"""mile cohort: the steps of a class."""
