"""Everything that differs between one installation and another, read from the environment once and passed down."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import Refusal

PREFIX = "MILE_"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = rf"{_ATEXT}(\.{_ATEXT})*"
MIN_SECRET_LENGTH = 32
# Different characters of a key; one from openssl rand -hex 32 practically never has fewer.
MIN_SECRET_VARIETY = 9
# The same of a database's password, which may be shorter, because nobody can try many without being seen.
MIN_PASSWORD_LENGTH, MIN_PASSWORD_VARIETY = 16, 7
ImapTls = Literal["implicit", "starttls", "none"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(BaseSettings):
    """Say where the servers are and how the service presents itself; one variable ``MILE_…`` per field.

    Temporal's own variables (``TEMPORAL_ADDRESS``, ``TEMPORAL_PROFILE``, ``TEMPORAL_API_KEY``, ``TEMPORAL_TLS_…``) are
    read by its envconfig; the address and the namespace stand here too, so that a local stack can pass them on.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, populate_by_name=True, env_ignore_empty=True
    )

    database_url: SecretStr = Field(min_length=1, description="PostgreSQL, as postgresql://user:password@host/database")
    link_secret: SecretStr = Field(
        min_length=MIN_SECRET_LENGTH,
        description="key of the links in emails; 32 characters or more. A new one goes first, with a comma between",
    )
    public_url: str = Field(pattern=r"^https?://[^\s/]+$", description="address of the pages, without a path")
    smtp_host: str = Field(default="127.0.0.1", description="mail relay that signs and delivers")
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = Field(default=False, validate_default=True, description="encrypt before signing in")
    # As strict as the header block of an email: a wrong one would fail every email, each by itself.
    sender: str = Field(
        pattern=rf"^{_DOT_ATOM}@[A-Za-z0-9.-]+$", max_length=254, description="address the emails come from"
    )
    list_id: str = Field(
        default="mile.example.org",
        pattern=rf"^{_DOT_ATOM}$",
        max_length=200,
        description="List-Id of the emails; a domain of yours",
    )
    dkim_selector: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9._-]{1,63}$", description="selector of the relay's DKIM key, for mile doctor"
    )
    # The local part has 64 characters at most (RFC 5321, 4.5.3.1.1), of which "+" and a token take 27.
    bounces_address: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,37}@[A-Za-z0-9.-]+$",
        max_length=200,
        description="address that bounces come back to; email for bounces+…@ arrives there, too",
    )
    bounces_imap_host: str | None = Field(default=None, description="IMAP server of the mailbox with the bounces")
    bounces_imap_port: int = Field(default=993, ge=1, le=65535)
    bounces_imap_username: str | None = None
    bounces_imap_password: SecretStr | None = None
    bounces_imap_tls: ImapTls = Field(default="implicit", validate_default=True, description="how IMAP is encrypted")
    bounces_imap_folder: str = Field(default="INBOX", min_length=1, description="folder in which new bounces arrive")
    plain_bounces_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="days within which two bounces in plain words make an address undeliverable",
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s?#]+$",
        description="where staff have accounts (OpenID Connect), such as https://accounts.google.com; empty for none",
    )
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_domain: str | None = Field(default=None, description="the one domain of Google Workspace (hd) that is let in")
    oidc_name: str = Field(default="your other account", min_length=1, max_length=40, description="what staff call it")
    mailbox: Path | None = Field(default=None, description="Maildir of captured emails; only the local stack has one")
    clock_file: Path | None = Field(default=None, description="moments of rehearsed mentorships; empty for real time")
    task_queue: str = Field(default="mile", description="task queue; that of matching is named after it")
    emails_per_second: float = Field(
        default=5.0,
        gt=0,
        description="emails a second that all workers together send at most",
    )
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8400, ge=1, le=65535)
    metrics_address: str | None = Field(
        default=None,
        pattern=r"^[^\s:]+:\d{1,5}$",
        description="where a worker serves metrics for Prometheus, as host:port; an address that only operators reach",
    )
    web_metrics_address: str | None = Field(
        default=None, pattern=r"^[^\s:]+:\d{1,5}$", description="the same for the pages, as host:port"
    )
    otlp_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="where workers and pages send metrics by OpenTelemetry instead, such as http://host:4318/v1/metrics",
    )
    health_address: str | None = Field(
        default=None,
        pattern=r"^[^\s:]+:\d{1,5}$",
        description="where a worker answers /healthz and /readyz, as host:port",
    )
    log_level: LogLevel = "INFO"
    log_json: bool = Field(default=True, description="JSON lines; false for a terminal")
    temporal_address: str | None = Field(default=None, validation_alias="TEMPORAL_ADDRESS", description="host:port")
    temporal_namespace: str | None = Field(default=None, validation_alias="TEMPORAL_NAMESPACE")

    @field_validator("database_url")
    @classmethod
    def _require_strong_password(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        password = unquote(parts.password or "")
        # None at all is for a socket, or for a certificate.
        if not password or parts.hostname in LOOPBACK:
            return url
        if len(password) < MIN_PASSWORD_LENGTH or len(set(password)) < MIN_PASSWORD_VARIETY:
            raise ValueError("its password is easy to guess; take one that nobody can, from: openssl rand -hex 24")
        return url

    @field_validator("link_secret")
    @classmethod
    def _require_strong_keys(cls, secret: SecretStr) -> SecretStr:
        if any(len(key) < MIN_SECRET_LENGTH for key in _link_keys(secret)):
            raise ValueError(f"each key needs at least {MIN_SECRET_LENGTH} characters")
        if any(len(set(key)) < MIN_SECRET_VARIETY for key in _link_keys(secret)):
            raise ValueError("it is easy to guess; take one that nobody can, from: openssl rand -hex 32")
        return secret

    @field_validator("smtp_starttls")
    @classmethod
    def _require_starttls(cls, starttls: bool, info: ValidationInfo) -> bool:
        if info.data.get("smtp_username") and not starttls and info.data.get("smtp_host") not in LOOPBACK:
            raise ValueError("it must be true where there is a user name, or the password would travel in the clear")
        return starttls

    @field_validator("bounces_imap_tls")
    @classmethod
    def _require_tls(cls, tls: ImapTls, info: ValidationInfo) -> ImapTls:
        host = info.data.get("bounces_imap_host")
        if tls == "none" and host is not None and host not in LOOPBACK:
            raise ValueError("it must be implicit or starttls, or the password would travel in the clear")
        return tls

    @field_validator("oidc_issuer")
    @classmethod
    def _require_tls_of_issuer(cls, issuer: str | None) -> str | None:
        if issuer and issuer.startswith("http://") and urlsplit(issuer).hostname not in LOOPBACK:
            raise ValueError("it must begin with https://, or anybody on the way could sign in as anybody")
        return issuer

    @property
    def signs_in_by_oidc(self) -> bool:
        """Tell whether staff may sign in by an account elsewhere."""
        return None not in {self.oidc_issuer, self.oidc_client_id} and self.oidc_client_secret is not None

    @property
    def link_keys(self) -> tuple[str, ...]:
        """Return the keys of the links, the newest first; it signs, and the others repeat what they signed."""
        return _link_keys(self.link_secret)

    @property
    def reads_bounces(self) -> bool:
        """Tell whether bounces come back to a mailbox that the service reads."""
        return None not in {self.bounces_address, self.bounces_imap_host, self.bounces_imap_username}

    def environment(self) -> dict[str, str]:
        """Return the variables that would make another process read these very settings."""
        values = {variable(name): getattr(self, name) for name in type(self).model_fields}
        return {name: _as_text(value) for name, value in values.items() if value is not None}

    def shown(self) -> dict[str, str]:
        """Return the variables in force as they may be shown to anyone: of a secret only that it is set."""
        secret = {variable(name) for name in type(self).model_fields if isinstance(getattr(self, name), SecretStr)}
        return {name: "set, not shown" if name in secret else value for name, value in self.environment().items()}


def _link_keys(secret: SecretStr) -> tuple[str, ...]:
    return tuple(key.strip() for key in secret.get_secret_value().split(","))


def variable(field: str) -> str:
    """Return the environment variable of a field of Settings, such as ``MILE_DATABASE_URL``."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def read_settings(*files: Path) -> Settings:
    """Read the settings from the environment, then from these dotenv files, the first one first.

    Raises Refusal, naming every variable that is missing or wrong and what it is for; values are never repeated.
    """
    # pydantic-settings lets the last file win; the parameters name the most important one first.
    present = tuple(file for file in reversed(files) if file.is_file())
    try:
        return Settings(_env_file=present, _env_file_encoding="utf-8")
    except ValidationError as error:
        # ``from None``: pydantic's own message quotes the values, and one of them is a secret.
        raise Refusal(explain(error)) from None


def explain(error: ValidationError) -> str:
    """Return one sentence for each variable that is missing or wrong."""
    lines = [_problem_sentence(str(problem["loc"][0]), dict(problem)) for problem in error.errors()]
    return "\n".join([*lines, "The file .env.example lists every variable; copy it to .env or set them yourself."])


def _problem_sentence(field: str, problem: Mapping[str, Any]) -> str:
    name = field if field.isupper() else variable(field)
    purpose = next((f.description for key, f in Settings.model_fields.items() if variable(key) == name), None)
    meaning = f" ({purpose})" if purpose else ""
    if problem["type"] == "missing":
        return f"{name} is not set{meaning}."
    return f"{name} cannot be used as it is{meaning}: {_explanation(problem)}."


def _explanation(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    explanations = {
        "too_short": f"it needs at least {context.get('min_length')} characters",
        "string_too_short": f"it needs at least {context.get('min_length')} characters",
        "int_parsing": "it must be a whole number",
        "float_parsing": "it must be a number",
        "greater_than": f"it must be more than {context.get('gt')}",
        "bool_parsing": "it must be true or false",
        "literal_error": f"it must be one of {context.get('expected')}",
        "greater_than_equal": f"it must be {context.get('ge')} or more",
        "less_than_equal": f"it must be {context.get('le')} or less",
    }
    if problem["type"] == "value_error":
        return str(context["error"])
    return explanations.get(problem["type"], "its form is not the one asked for")


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return os.fspath(value) if isinstance(value, Path) else str(value)
