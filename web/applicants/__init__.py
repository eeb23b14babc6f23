"""The public pages and the applicant's own page."""
