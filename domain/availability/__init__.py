"""When people are busy, by the calendars that they let the program read."""
