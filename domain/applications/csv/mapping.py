"""Mapping files: how the export of another form or programme is read as ours."""

from domain.toml import read_toml
from schemas.matching.results import Mapping


def read_mapping(file_name: str, content: bytes) -> Mapping:
    """Return a mapping.toml.

    Raises:
        BadInput: naming file, key and value of what is wrong in it.
    """
    return read_toml(file_name, content, Mapping, lambda tables: tables)
