"""The ``mile`` command."""
