"""Use cases: each step of staff and of the pages has its one home here, with its actor, rules and preview."""
