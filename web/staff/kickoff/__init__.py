"""The kickoff: who comes and what they need, who was there, paper to print, and the start."""
