"""The rules of a cohort: its dates, its roles, its campaigns, its folder."""
