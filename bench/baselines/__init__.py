"""Programs that the site is compared with. None of them imports the site, so none can share its costs."""
