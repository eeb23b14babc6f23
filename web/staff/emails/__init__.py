"""The emails of a class: the outbox, one email, and messages of staff."""
