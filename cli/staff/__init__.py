"""``mile staff …``: who may sign in to the staff pages."""
