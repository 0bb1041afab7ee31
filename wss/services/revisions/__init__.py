"""Bill revisions: worked out by one officer, approved by another, posted to the billing system."""
