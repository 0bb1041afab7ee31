"""Sheets to take away: the web words them, the printer sets them."""

from wss.gateways.pdf import SlipText, TableText, bill_sheet, slip

__all__ = ["SlipText", "TableText", "bill_sheet", "slip"]
