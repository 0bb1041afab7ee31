"""The pages of administrators: reference tables and message texts."""

from wss.web.admin import changes, views
from wss.web.admin.blueprint import admin

__all__ = ["admin", "changes", "views"]
