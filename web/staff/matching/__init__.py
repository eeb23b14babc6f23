"""Match review: readiness, drafts, pairs with their reasons, publication."""
