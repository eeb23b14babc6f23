"""The use cases of staff around the kickoff: who comes, who attended, what is printed, whose mentorship starts."""
