"""The closing report's figures, counted from its rows."""
