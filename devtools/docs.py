"""`python -m devtools.docs`: write the generated tables of docs/; `--check` fails where one is out of date."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from wss.config import SETTINGS, settings_table
from wss.domain.actor import Role
from wss.domain.lifecycle import TABLE, Action, Status, Transition
from wss.domain.sms import SOME_SITE, parts
from wss.gateways.message_texts import sms_templates

DOCS = Path(__file__).parents[1] / "docs"


def settings() -> Iterator[str]:
    """Yield a row for each setting."""
    yield "| setting | default | meaning |"
    yield "|---|---|---|"
    secrets = {each.name for each in SETTINGS.values() if each.is_secret}
    for name, default, meaning in settings_table():
        yield f"| `{name}`{' †' if name in secrets else ''} | {default} | {meaning} |"


def texts() -> Iterator[str]:
    """Yield a row for each SMS in each language; parts and share are those of the longest values."""
    yield "| notice | | text | parts | variable |"
    yield "|---|---|---|---|---|"
    for template in sms_templates(SOME_SITE):
        text = template.text.replace("{#", "{").replace("#}", "}").replace("|", "\\|")
        share = f"{float(template.share * 100):.0f} %"
        about = " (request)" if template.part != "sms" else ""
        yield f"| {template.notice}{about} | {template.language} | {text} | {len(parts(template.longest))} | {share} |"


def steps() -> Iterator[str]:
    """Yield a row for each step of the life cycle; statuses from which the step is the same share a row."""
    yield "| status before | action | by | status after | remark | SMS to the consumer |"
    yield "|---|---|---|---|---|---|"
    rows: dict[tuple[str, ...], list[str]] = {}
    for (status, action), step in TABLE.items():
        rows.setdefault(_step_cells(status, action, step), []).append(f"`{status}`")
    for (action_name, *rest), before in rows.items():
        yield f"| {', '.join(before)} | {action_name} | {' | '.join(rest)} |"


def _step_cells(status: Status, action: Action, step: Transition) -> tuple[str, ...]:
    roles = ", ".join(f"`{role}`" for role in Role if role in step.by)
    after = "the same" if step.to is status else f"`{step.to}`"
    after += ", one level up" if step.one_level_up else ""
    notice = f"`{step.notice}`" if step.notice else "none"
    return f"`{action}`", roles, after, "required" if step.remark_required else "", notice


# Each table by the page that contains it; its rows are between two comments with its name.
TABLES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "settings": ("settings.md", settings),
    "texts": ("messages.md", texts),
    "steps": ("specification.md", steps),
}


def marked(name: str) -> str:
    """Return a table as its page contains it, with the comments around it."""
    return "\n".join([f"<!-- {name}: made by `make docs` -->", *TABLES[name][1](), f"<!-- end of {name} -->"])


def updated(name: str, page: str) -> str:
    """Return the text of a page with its current table; raise ValueError if the page has no markers for it."""
    old = re.compile(f"<!-- {name}: made .*?<!-- end of {name} -->", re.DOTALL)
    text, count = old.subn(lambda _old: marked(name), page)
    if count != 1:
        raise ValueError(f"{TABLES[name][0]} has {count} places for the table of {name}, not one")
    return text


def main(arguments: list[str]) -> int:
    """Write the tables; with --check write nothing and return 1 where one is out of date."""
    stale = []
    for name, (page, _rows) in TABLES.items():
        path = DOCS / page
        before = path.read_text(encoding="utf-8")
        after = updated(name, before)
        if after != before:
            stale.append(f"docs/{page}")
            if "--check" not in arguments:
                path.write_text(after, encoding="utf-8")
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
