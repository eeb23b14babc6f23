"""The drift audit: PostgreSQL compared with Temporal, cohort by cohort, and repaired where that takes no judgment."""
