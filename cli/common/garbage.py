"""How often Python searches for garbage: seldom, for what a server keeps is none."""

import gc

# Python's own is 700. A search of the oldest objects goes through those of every workflow in memory, and pushes others
# out of the processor's caches: together a quarter of what a worker did while a class was started.
OBJECTS_BEFORE_SEARCH = 10_000


def search_seldom() -> None:
    """Leave out the objects there are now, which are modules and stay, and search for garbage among others less often.

    Only objects that refer to each other in a circle wait for it; all others end with the last reference to them.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_SEARCH)
