"""The use cases of staff about applications: listed, reviewed, imported, exported."""
