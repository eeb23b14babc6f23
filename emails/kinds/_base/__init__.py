"""What all emails to one audience have in common: their contexts, and the frames of their words."""
