"""The optimal assignment: costs, solvers, and the proof that nothing better exists."""
