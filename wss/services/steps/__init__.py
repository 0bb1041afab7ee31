"""What use cases share; needs an open transaction and never opens one."""
