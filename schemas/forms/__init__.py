"""Every question that participants are asked, as data."""
