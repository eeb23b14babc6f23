"""The intake email."""
