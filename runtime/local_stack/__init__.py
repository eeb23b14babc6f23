"""The whole service on one machine: a real PostgreSQL, a real Temporal server, a mailbox, the worker and the pages.

Needs the extra ``local``; everything else in the program runs without this package.
"""
