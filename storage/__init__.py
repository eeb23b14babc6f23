"""Where words live: every name, address and answer is in PostgreSQL and nowhere else."""
