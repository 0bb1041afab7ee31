"""Bill revisions: calculated by one officer, approved by another, posted to the billing system."""
