"""mile rehearse and mile demo."""
