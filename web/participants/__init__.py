"""The pages behind a participant's email links."""
