"""Prints the sheets people take away: the slip of a registered request, a bill, a petition."""

from collections.abc import Sequence

from wss.gateways.pdf_text import Passage, SlipText, TableText


def slip(text: SlipText) -> bytes:
    """The slip of a registered request, on one page of A4."""
    # Drawing takes 36 MiB and a third of a second to load: a process that prints nothing does without.
    from wss.gateways.pdf_drawing import drawn

    return drawn(text)


def bill_sheet(text: SlipText, table: TableText) -> bytes:
    """A bill: the same sheet with a table of its lines below the rows."""
    from wss.gateways.pdf_drawing import drawn

    return drawn(text, (Passage("", (), table),))


def petition_sheet(text: SlipText, passages: Sequence[Passage]) -> bytes:
    """A petition: head, then its passages, on as many pages as it needs."""
    from wss.gateways.pdf_drawing import drawn

    return drawn(text, passages)
