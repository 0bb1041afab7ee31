"""Alerts about bills and budgets: choices of consumers, readings that they type, and the duty of the worker."""
