"""Application files: a spreadsheet's bytes become typed applications, or a list of every problem found."""
