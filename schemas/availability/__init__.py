"""When people are busy."""
