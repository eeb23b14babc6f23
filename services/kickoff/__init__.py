"""The use cases of staff around the kickoff: who comes, who was there, what is printed, whose mentorship starts."""
