"""The closing report's records and figures."""
