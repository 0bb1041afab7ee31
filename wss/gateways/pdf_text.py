"""The texts of printed sheets, already in the language of the reader."""

from dataclasses import dataclass

DEFAULT_LANGUAGE = "hi"


@dataclass(frozen=True)
class SlipText:
    """The texts of a slip; of longer sheets, those at the head and at the foot."""

    title: str
    rows: tuple[tuple[str, str], ...]
    footer: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE
    heading: str = ""
    number: tuple[str, str] | None = None
    qr_url: str = ""
    qr_words: str = ""


@dataclass(frozen=True)
class TableText:
    """The texts of a table: its head, its lines, and the columns of figures."""

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A part of a letter: its heading, its paragraphs, and the table after them, if there is one."""

    heading: str
    paragraphs: tuple[str, ...]
    table: TableText | None = None


@dataclass(frozen=True)
class LeafletText:
    """The texts of a poster or leaflet. `size` is "a4" or "a6"; `call` are the words before and after the number."""

    size: str
    title: str
    lead: str
    steps: tuple[str, ...]
    ready_heading: str
    ready: tuple[str, ...]
    call: tuple[str, str, str]
    office: tuple[str, ...]
    qr_url: str
    qr_words: str
    language: str = DEFAULT_LANGUAGE


@dataclass(frozen=True)
class SheetFigure:
    """A figure with its words, and its change in words with an arrow, ▲ or ▼; = for none."""

    words: str
    value: str
    arrow: str = ""
    change: str = ""


@dataclass(frozen=True)
class MonthSheetText:
    """The texts of the sheet of a month. A bar has words and a number."""

    title: str
    office: str
    figures: tuple[SheetFigure, ...]
    trend: str
    bars: tuple[tuple[str, int], ...]
    worst: str
    table: TableText | None
    footer: tuple[str, ...]
    language: str = DEFAULT_LANGUAGE
