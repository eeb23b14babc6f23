"""A cohort's settings from its cohort.toml."""

from domain.input_files.toml import read_toml
from schemas.cohort.settings import CohortSettings


def read_settings(file_name: str, content: bytes) -> CohortSettings:
    """Return a cohort's settings (promises A5, A21, B5: what differs between classes is written here and nowhere else).

    Raises:
        BadInput: naming file, key (in ``column``) and value: a key is missing, unknown, of the wrong kind, or breaks a
            rule, such as a kickoff outside the institute; or the file is not TOML (its line is in ``row``).
    """
    return read_toml(file_name, content, CohortSettings, lambda tables: tables)
