"""Addresses that lead to one mailbox are one mailbox, and those of other people are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications.mailboxes import mailbox


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("Ada.Berg@Gmail.com", "adaberg+mile@googlemail.com"),
        ("ada@outlook.com", "ada+1@OUTLOOK.com"),
        ("ada@me.com", "ada+x@icloud.com"),
        ("ada-berg@protonmail.com", "ada.berg@pm.me"),
        ("ada-shop@yahoo.com", "ada-bank@yahoo.com"),
        ("ada@yahoo.co.uk", "ada-bank@yahoo.co.uk"),
        ("ada@library.example.org", " ada+mile+2@library.example.org"),
    ],
)
def test_addresses_of_one_mailbox_are_the_same(address: str, other: str) -> None:
    assert mailbox(address) == mailbox(other)


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("ada.berg@library.example.org", "adaberg@library.example.org"),
        ("ada-berg@library.example.org", "ada@library.example.org"),
        ("ada.berg@outlook.com", "adaberg@outlook.com"),
        ("ada@gmail.com", "ada@outlook.com"),
        ("ada@gmail.com.example.org", "a.da@gmail.com.example.org"),
        ("+ada@example.org", "+ben@example.org"),
    ],
)
def test_addresses_of_two_people_stay_apart(address: str, other: str) -> None:
    assert mailbox(address) != mailbox(other)


@given(
    st.from_regex(r"[a-z0-9.+_-]{1,20}@(gmail|yahoo|proton|example)\.(com|me|org)", fullmatch=True),
    st.from_regex(r"\+[a-z0-9.+-]{0,9}", fullmatch=True),
)
def test_a_tag_never_makes_another_mailbox(address: str, tag: str) -> None:
    local, _, domain = address.rpartition("@")
    assert mailbox(f"{local}{tag}@{domain}") == mailbox(address) == mailbox(mailbox(address))
