"""Pages of staff that import applications: files are uploaded, read, corrected in place, and saved with a preview."""
