"""Addresses that lead to one mailbox are one mailbox, and those of other people are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications.mailboxes import mailbox, mailbox_for_limits

ONE_MAILBOX = [
    ("Ada.Berg@Gmail.com", "adaberg+mile@googlemail.com"),
    ("ada@outlook.com", "ada+1@OUTLOOK.com"),
    ("ada@me.com", "ada+x@icloud.com"),
    ("ada-berg@protonmail.com", "ada.berg@pm.me"),
    ("ada-shop@yahoo.com", "ada-bank@yahoo.com"),
    ("ada@yahoo.co.uk", "ada-bank@yahoo.co.uk"),
    ("Ada@library.example.org", " ada@LIBRARY.example.org"),
]
TWO_PEOPLE = [
    ("ada.berg@library.example.org", "adaberg@library.example.org"),
    ("ada-berg@library.example.org", "ada@library.example.org"),
    ("ada.berg@outlook.com", "adaberg@outlook.com"),
    ("ada@gmail.com", "ada@outlook.com"),
    ("ada@gmail.com.example.org", "a.da@gmail.com.example.org"),
    ("+ada@example.org", "+ben@example.org"),
]
TAGGED = ("ada@library.example.org", "ada+mile+2@library.example.org")
ADDRESS = st.from_regex(r"[a-z0-9.+_-]{1,20}@(gmail|yahoo|proton|example)\.(com|me|org)", fullmatch=True)


@pytest.mark.parametrize(("address", "other"), ONE_MAILBOX)
def test_addresses_of_one_mailbox_are_the_same(address: str, other: str) -> None:
    assert mailbox(address) == mailbox(other)
    assert mailbox_for_limits(address) == mailbox_for_limits(other)


@pytest.mark.parametrize(("address", "other"), TWO_PEOPLE)
def test_addresses_of_two_people_stay_apart(address: str, other: str) -> None:
    assert mailbox(address) != mailbox(other)
    assert mailbox_for_limits(address) != mailbox_for_limits(other)


def test_tag_at_an_unknown_server_shares_a_limit_and_nothing_else() -> None:
    address, tagged = TAGGED
    assert mailbox_for_limits(address) == mailbox_for_limits(tagged)
    assert mailbox(address) != mailbox(tagged)


@given(ADDRESS, st.from_regex(r"\+[a-z0-9.+-]{0,9}", fullmatch=True))
def test_tag_never_gets_around_a_limit(address: str, tag: str) -> None:
    local, _, domain = address.rpartition("@")
    assert mailbox_for_limits(f"{local}{tag}@{domain}") == mailbox_for_limits(address)


@given(ADDRESS, ADDRESS)
def test_one_mailbox_has_one_limit(address: str, other: str) -> None:
    assert mailbox(mailbox(address)) == mailbox(address)
    assert mailbox(address) != mailbox(other) or mailbox_for_limits(address) == mailbox_for_limits(other)
