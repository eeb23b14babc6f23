"""Pages and PDFs that are kept as files."""
