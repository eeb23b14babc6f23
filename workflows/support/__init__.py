"""What workflows share: the clock, search attributes, retries and schedules."""
