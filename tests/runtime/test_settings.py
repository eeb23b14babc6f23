from pathlib import Path

import pytest
from dotenv import dotenv_values

from runtime.local_stack.stack_discovery import environment as handed_over
from runtime.settings import Settings, read_settings, variable
from schemas.errors import Refusal

ROOT = Path(__file__).parents[2]
REQUIRED = {
    "MILE_DATABASE_URL": "postgresql://mile:open-sesame@localhost/mile",
    "MILE_LINK_SECRET": "0123456789abcdef0123456789abcdef",
    "MILE_PUBLIC_URL": "https://mentors.example.org",
    "MILE_SENDER": "mentors@example.org",
}


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_example_names_every_setting_and_nothing_else() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = [line.split("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(variable(field) for field in Settings.model_fields)


def test_the_example_shows_the_defaults() -> None:
    shown = dotenv_values(ROOT / ".env.example")
    fields = {variable(name): field for name, field in Settings.model_fields.items()}
    for name in fields.keys() - REQUIRED.keys():
        default = fields[name].default
        assert shown[name] == (
            "" if default is None else str(default).lower() if default in (True, False) else str(default)
        )


def test_every_missing_variable_is_named_with_its_purpose() -> None:
    with pytest.raises(Refusal) as refused:
        read_settings()
    message = str(refused.value)
    assert all(f"{name} is not set" in message for name in REQUIRED)
    assert "key of the links in emails" in message


@pytest.mark.parametrize("secret", ["a" * 40, "0123456789abcdef" * 2 + "," + "abcd" * 8])
def test_a_monotonous_link_secret_is_refused(environment: pytest.MonkeyPatch, secret: str) -> None:
    environment.setenv("MILE_LINK_SECRET", secret)
    with pytest.raises(Refusal, match=r"MILE_LINK_SECRET .* it is easy to guess; take one"):
        read_settings()


def test_a_short_link_secret_is_refused_without_repeating_it(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MILE_LINK_SECRET", "open-sesame")
    with pytest.raises(Refusal, match=r"MILE_LINK_SECRET .* at least 32 characters") as refused:
        read_settings()
    assert "open-sesame" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("postgresql://mile:open-sesame@db.example.org/mile", False),
        ("postgresql://mile:aaaaaaaaaaaaaaaaaaaaaaaa@db.example.org/mile", False),
        ("postgresql://mile:7f3a90c1de5b4826@db.example.org/mile", True),
        # Whoever is on this machine, or holds the socket or a certificate.
        ("postgresql://mile:open-sesame@127.0.0.1/mile", True),
        ("postgresql://mile@/mile?host=/run/postgresql", True),
    ],
)
def test_database_password_that_is_easy_to_guess_is_refused_and_not_repeated(
    environment: pytest.MonkeyPatch, url: str, fits: bool
) -> None:
    environment.setenv("MILE_DATABASE_URL", url)
    if fits:
        assert read_settings().database_url.get_secret_value() == url
        return
    with pytest.raises(Refusal, match=r"MILE_DATABASE_URL .* easy to guess") as refused:
        read_settings()
    assert url.split(":")[2].split("@", 1)[0] not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MILE_SMTP_PORT", "smtp", "whole number"),
        ("MILE_SMTP_PORT", "70000", "65535 or less"),
        ("MILE_SMTP_STARTTLS", "perhaps", "true or false"),
        ("MILE_LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("MILE_EMAILS_PER_SECOND", "0", "more than 0"),
        ("MILE_SENDER", "mile@exämple.org", "not the one asked for"),
        ("MILE_LIST_ID", "mile example", "not the one asked for"),
        ("MILE_PUBLIC_URL", "mentors.example.org", "without a path"),
        ("MILE_PUBLIC_URL", "https://mentors.example.org/mile", "without a path"),
    ],
)
def test_a_wrong_value_is_explained(environment: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(Refusal, match=name) as refused:
        read_settings()
    assert sentence in str(refused.value)


def test_a_password_is_never_sent_in_the_clear_but_to_this_machine(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MILE_SMTP_USERNAME", "mile")
    environment.setenv("MILE_SMTP_HOST", "relay.example.org")
    with pytest.raises(Refusal, match=r"MILE_SMTP_STARTTLS .*in the clear"):
        read_settings()
    environment.setenv("MILE_SMTP_HOST", "127.0.0.1")
    assert read_settings().smtp_username == "mile"


def test_an_empty_variable_counts_as_not_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MILE_SMTP_USERNAME", "")
    environment.setenv("MILE_MAILBOX", "")
    settings = read_settings()
    assert settings.smtp_username is None
    assert settings.mailbox is None


def test_the_environment_beats_the_first_file_and_that_one_the_second(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("MILE_TASK_QUEUE", "of-the-environment")
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("MILE_TASK_QUEUE=of-the-first\nMILE_LIST_ID=of-the-first\n")
    second.write_text("MILE_LIST_ID=of-the-second\nTEMPORAL_ADDRESS=temporal:1\nUNKNOWN=1\n")
    settings = read_settings(first, second, tmp_path / "absent")
    assert settings.task_queue == "of-the-environment"
    assert settings.list_id == "of-the-first"
    assert settings.temporal_address == "temporal:1"


def test_another_process_reads_the_same_settings(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = read_settings()
    other = settings.model_copy(update={"mailbox": tmp_path, "log_json": False, "temporal_address": "temporal:7233"})
    for name, value in other.environment().items():
        environment.setenv(name, value)
    assert read_settings() == other


def test_no_secret_is_shown(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    text = f"{settings.shown()} {settings!r}"
    assert "open-sesame" not in text
    assert REQUIRED["MILE_LINK_SECRET"] not in text
    assert settings.shown()["MILE_PUBLIC_URL"] == REQUIRED["MILE_PUBLIC_URL"]


def test_a_worker_of_its_own_keeps_what_the_environment_says_of_temporal(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TEMPORAL_WORKER_BUILD_ID", "7")
    settings = read_settings()
    assert handed_over(settings)["TEMPORAL_WORKER_BUILD_ID"] == "7"
    assert "TEMPORAL_WORKER_BUILD_ID" not in handed_over(settings, alone=True)


@pytest.mark.parametrize(("host", "fits"), [("127.0.0.1", True), ("imap.example.org", False)])
def test_bounces_are_read_without_encryption_only_on_this_machine(
    environment: pytest.MonkeyPatch, host: str, fits: bool
) -> None:
    environment.setenv("MILE_BOUNCES_IMAP_HOST", host)
    environment.setenv("MILE_BOUNCES_IMAP_TLS", "none")
    if fits:
        assert read_settings().bounces_imap_tls == "none"
    else:
        with pytest.raises(Refusal, match="in the clear"):
            read_settings()
