"""mile match and mile cohort match."""
