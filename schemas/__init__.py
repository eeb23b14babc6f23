"""Everything two rooms share: the programme's words, its settings, its messages and its errors."""
