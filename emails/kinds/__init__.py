"""A folder for each kind of email: what it needs to know, its words, and samples of it."""
