"""Messages: queued with the change that causes them, sent by the worker, followed until they have arrived."""
