"""The settings of a stack: the addresses of its parts, which nobody has to type."""

import secrets
from pathlib import Path

from pydantic import ValidationError

from runtime.local_stack.ports import HOST, Ports
from runtime.local_stack.stack_discovery import settings_file
from runtime.settings import Settings, explain
from schemas.errors import Refusal

# In a stack's folder.
LINK_KEY_FILE = "link-secret"


def stack_settings(folder: Path, ports: Ports, database_url: str, *, rehearsal: bool) -> Settings:
    """Return the settings of a stack; what it does not decide itself comes from the environment.

    Raises Refusal if the environment holds something that cannot be used.
    """
    try:
        return Settings.model_validate(_values(folder, ports, database_url, rehearsal=rehearsal))
    except ValidationError as error:
        raise Refusal(explain(error)) from None


def _values(folder: Path, ports: Ports, database_url: str, *, rehearsal: bool) -> dict[str, object]:
    return {
        "database_url": database_url,
        "link_secret": _link_secret(folder / LINK_KEY_FILE),
        "public_url": f"http://{HOST}:{ports.web}",
        "smtp_host": HOST,
        "smtp_port": ports.mail,
        "smtp_username": None,
        "smtp_password": None,
        "smtp_starttls": False,
        "sender": "mile@example.org",
        "mailbox": folder / "mail",
        # Nothing is delivered, so no relay has to be spared.
        "emails_per_second": 1000.0,
        "clock_file": folder / "clock.json" if rehearsal else None,
        "web_host": HOST,
        "web_port": ports.web,
        "temporal_address": f"{HOST}:{ports.temporal}",
        "temporal_namespace": "default",
    }


def write_settings(folder: Path, settings: Settings) -> Path:
    """Leave the settings in a file only its owner can read, for ``present_settings``; return the file."""
    file = settings_file(folder)
    # A new file: touch() leaves the mode of an existing one as it is.
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.environment().items()))
    return file


def _link_secret(file: Path) -> str:
    """Return the folder's secret, created once, so that links in captured emails still work after a restart."""
    # One that is empty was never used: whoever made it was killed before it was written.
    if not (file.is_file() and file.read_text()):
        unfinished = file.with_name(f"{file.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_hex(32))
        unfinished.rename(file)
    # A copy of the folder may have another mode.
    file.chmod(0o600)
    return file.read_text()
