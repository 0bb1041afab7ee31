"""What the office does: one public function is one use case and one transaction."""
