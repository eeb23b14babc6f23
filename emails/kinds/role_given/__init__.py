"""The email to whoever was given a role."""
