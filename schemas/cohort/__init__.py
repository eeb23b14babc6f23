"""A cohort: its settings, its state in Temporal, its roles and its campaigns."""
