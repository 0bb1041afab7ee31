"""One module per goal, or per goals that are measured on the same page."""
