"""Writes README's table of SMS texts; `--check` says whether it is what the texts make."""

import re
import sys
from pathlib import Path

from wss.domain.sms import SOME_SITE, parts
from wss.gateways.message_texts import sms_templates

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- texts: made by `make texts` -->", "<!-- end of texts -->"
TABLE = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)


def table() -> str:
    """A row for each SMS in each language: its text, its parts and what of it varies, with the longest values."""
    rows = [
        f"| {template.notice} | {template.language} | {_cell(template.text)} "
        f"| {len(parts(template.longest))} | {float(template.share * 100):.0f} % |"
        for template in sms_templates(SOME_SITE)
    ]
    return "\n".join([BEGIN, "| notice | | text | parts | varies |", "|---|---|---|---|---|", *rows, END])


def written(readme: str) -> str:
    """README with the table as the texts make it."""
    return TABLE.sub(lambda _old: table(), readme)


def main(arguments: list[str]) -> int:
    """Write the table, or with --check only tell whether it is out of date."""
    readme = README.read_text(encoding="utf-8")
    if "--check" not in arguments:
        README.write_text(written(readme), encoding="utf-8")
        return 0
    if BEGIN in readme and written(readme) == readme:
        return 0
    print("README's table of SMS texts is out of date: run `make texts`.", file=sys.stderr)
    return 1


def _cell(text: str) -> str:
    return text.replace("{#", "{").replace("#}", "}").replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
