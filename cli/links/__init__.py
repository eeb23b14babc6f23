"""mile links."""
