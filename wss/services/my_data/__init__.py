"""What a consumer decides about their data: settings, copy, erasure."""
