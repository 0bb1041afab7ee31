"""Sheets to take away: the web words them, the printer sets them."""

from wss.gateways.pdf import bill_sheet, petition_sheet, slip
from wss.gateways.pdf_text import Passage, SlipText, TableText

__all__ = ["Passage", "SlipText", "TableText", "bill_sheet", "petition_sheet", "slip"]
