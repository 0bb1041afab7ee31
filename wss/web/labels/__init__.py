"""Labels: words for codes, one module per subject."""
