"""A package, so that its stack of servers ends with its last test, and not with the last of all tests."""
