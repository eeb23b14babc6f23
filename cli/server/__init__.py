"""mile worker, web, migrate, doctor and up."""
