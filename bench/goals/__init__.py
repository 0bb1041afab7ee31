"""One module per goal, or per group of goals that are measured on the same page."""
