"""Everything two rooms share: the program's words, its settings, its messages and its errors."""
