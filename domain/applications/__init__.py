"""The rules of applying: the window, eligibility, review, and imports."""
