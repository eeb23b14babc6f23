"""Pages of staff about applications: the list, one of them, decisions, the window, invitations and exports."""
