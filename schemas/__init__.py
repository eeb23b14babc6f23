"""What two rooms share: models, ids, enumerations, settings, messages and errors."""
