"""How files that people write are read: text, TOML, spelling, and what is wrong in words they understand."""
