"""What a class leaves behind, for staff: its audit log and its reports."""
