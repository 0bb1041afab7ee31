"""What is printed on a sheet, worded already in the language of its reader."""

from dataclasses import dataclass

DEFAULT_LANGUAGE = "hi"


@dataclass(frozen=True)
class SlipText:
    """All that is printed on a slip; of longer sheets, what stands at the head and at the foot."""

    title: str
    rows: tuple[tuple[str, str], ...]
    footer: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE
    heading: str = ""
    number: tuple[str, str] | None = None
    qr_url: str = ""


@dataclass(frozen=True)
class TableText:
    """A table as it is printed: its head, its lines, and which columns hold figures."""

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A part of a letter: its heading, its paragraphs, and the table that follows them, if there is one."""

    heading: str
    paragraphs: tuple[str, ...]
    table: TableText | None = None
