"""How captured emails are parsed."""

from email import policy
from email.headerregistry import HeaderRegistry
from functools import lru_cache

# The standard library parses a header each time it is looked at, its own parser does so several times for every part,
# and emails of one program have most headers in common.
REMEMBERING_HEADERS = policy.SMTP.clone(header_factory=lru_cache(maxsize=10_000)(HeaderRegistry()))
