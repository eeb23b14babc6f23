"""How the program runs: settings, logging, the clock, the connection to Temporal, and the stack on one machine."""
