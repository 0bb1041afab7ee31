"""README's table of SMS texts is what the texts make."""

from devtools.texts import BEGIN, END, table, written
from tests.project.tree import ROOT
from wss.domain.notices import NOTICES


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_is_up_to_date():
    assert BEGIN in readme() and END in readme()
    assert written(readme()) == readme(), "run `make texts`"


def test_every_sms_stands_in_it_in_both_languages():
    notices = [name for name, notice in NOTICES.items() if "sms" in notice.channels]

    rows = {tuple(row.split(" | ")[:2]) for row in table().splitlines()}

    assert {(f"| {name}", language) for name in notices for language in ("hi", "en")} <= rows


def test_an_old_table_is_made_anew():
    old = f"before\n{BEGIN}\n| old |\n{END}\nafter"

    assert written(old) == f"before\n{table()}\nafter"
