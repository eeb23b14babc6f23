"""Match runs and the matches proposed to people."""
