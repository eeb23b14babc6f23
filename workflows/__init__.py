"""What happens next, who is waited for, and until when."""
