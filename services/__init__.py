"""Use cases: each step of staff and of the pages stands here once, with its actor, its rules and its preview."""
