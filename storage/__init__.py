"""PostgreSQL: migrations, queries, and a function for each. People's names, addresses and words are only here."""
