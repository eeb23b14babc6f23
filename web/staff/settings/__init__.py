"""Pages of staff about the settings of a class: forms, its cohort.toml as a file, and the next class."""
