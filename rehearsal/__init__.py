"""The dress rehearsal: a whole cohort, simulated on the real engine and the real pages before its first day."""
