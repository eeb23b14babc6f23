"""Reading files that people write: text, TOML, spelling, and problems in words that they understand."""
