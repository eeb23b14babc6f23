"""What workflows share: the clock, sending emails, search attributes, retries, options and schedules."""
