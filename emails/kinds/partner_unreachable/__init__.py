"""The partner unreachable email."""
