"""What the key of a letter says of it: what it is about, and which reminder it is."""

from schemas.emails.messages import SendEmail

# What the keys of letters begin their subject with that tell of a match which is no longer proposed.
MATCH_IS_OFF = "off-"


def subject_of(order: SendEmail) -> str:
    """Return what a letter is about, as its key says."""
    return order.key.split("/")[-3]


def occurrence_of(order: SendEmail) -> int:
    """Return which reminder a letter is, as its key says: 0 is the first letter."""
    return int(order.key.rpartition("/")[2])
