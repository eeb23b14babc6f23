"""Activities: each changes one thing outside Temporal, and does no harm when it runs twice."""
