"""The matches proposed to people: both answers, questions to staff, and what staff do for somebody."""
