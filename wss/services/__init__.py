"""Use cases, one package per subject: a public function of a use case is one transaction."""
