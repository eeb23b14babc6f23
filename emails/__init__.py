"""The emails the service writes: their words, their links, and how they are put together."""
