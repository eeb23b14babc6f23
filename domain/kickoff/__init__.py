"""The rules of the kickoff: where and when, and who comes."""
