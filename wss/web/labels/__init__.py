"""Words for codes, one module per subject."""
