"""mile cohort applications and its siblings."""
