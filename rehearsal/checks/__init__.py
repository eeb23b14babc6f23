"""The program's promises as rows, and for each that a rehearsal can show the check that shows it."""
