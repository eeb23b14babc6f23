"""Mapping files: how the export of another form or program is read as ours."""

from domain.input_files.toml import read_toml
from schemas.matching.results import ColumnMapping


def read_mapping(file_name: str, content: bytes) -> ColumnMapping:
    """Return a mapping.toml.

    Raises:
        BadInput: naming file, key and value of what is wrong in it.
    """
    return read_toml(file_name, content, ColumnMapping, lambda tables: tables)
