"""Pages of staff about a class as a whole."""
