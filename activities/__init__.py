"""What touches the world: each activity does one thing, leaves a trace, and does no harm when it runs twice."""
