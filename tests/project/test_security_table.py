"""docs/security.md names each threat once, each limit, and only tests that exist."""

import re
from pathlib import Path

from wss.domain.rate_limits import Limit

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \| ", line)
]
NAMED = re.findall(
    r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
)


def test_each_threat_has_one_row() -> None:
    assert [int(row[0].strip("| ")) for row in ROWS] == list(range(1, 67))


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).is_file()
        or (name and f"{name}" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not missing


def test_every_limit_is_in_the_table_of_limits() -> None:
    reported = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

    assert [limit.name for limit in Limit if not re.search(rf"\b{limit.name}\b", reported)] == []
