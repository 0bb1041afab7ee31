"""What commands print of names and values that come from files and tables."""

import click


def say(words: str, *, err: bool = False) -> None:
    """Print a line of words that may contain what another program has written."""
    click.echo(printable(words), err=err)


def printable(words: str) -> str:
    """Return the words with escapes for what would control the terminal or look like another line."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in words)
