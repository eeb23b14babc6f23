"""The dress rehearsal: a whole cohort, played on the real engine and the real pages before the first day."""
