"""Every text is there in Hindi, and the committed catalogue is what the parts make."""

import json
from pathlib import Path

from devtools.translations import Texts, collect, compiled, stale
from tests.project.tree import none_of


def test_every_text_has_its_hindi():
    none_of(list(collect().faults()))


def test_the_committed_catalogue_is_up_to_date():
    none_of(stale(compiled(collect())))


def test_a_text_without_hindi_is_seen():
    assert list(Texts(english={"Bill": ""}).faults()) == ["no Hindi for: 'Bill'"]


def test_other_placeholders_are_seen():
    texts = Texts(english={"Bill %(bill_no)s": ""}, hindi={"Bill %(bill_no)s": "बिल %(number)s"})

    assert list(texts.faults()) == ["other placeholders in the Hindi of: 'Bill %(bill_no)s'"]


def test_a_missing_plural_is_seen():
    texts = Texts(english={"%(num)d bill": "%(num)d bills"}, hindi={"%(num)d bill": "%(num)d बिल"})

    assert list(texts.faults()) == ["one form where two are needed, or two where one is: '%(num)d bill'"]


def test_parts_that_differ_are_seen(tmp_path: Path):
    parts = tmp_path / "translations/hi/parts"
    for folder in (parts, tmp_path / "wss", tmp_path / "templates"):
        folder.mkdir(parents=True)
    (parts / "auth.json").write_text(json.dumps({"Bill": "बिल"}), encoding="utf-8")
    (parts / "consumer.json").write_text(json.dumps({"Bill": "रसीद"}), encoding="utf-8")
    (tmp_path / "wss/views.py").write_text('_("Bill")', encoding="utf-8")

    assert list(collect(tmp_path).faults()) == ["consumer.json and another part differ about: 'Bill'"]


def test_an_old_catalogue_is_seen(tmp_path: Path):
    assert len(stale({"messages.po": b"new"}, tmp_path)) == 1


def test_the_catalogue_comes_out_the_same_every_time():
    texts = Texts(english={"Bill": ""}, hindi={"Bill": "बिल"})

    assert compiled(texts) == compiled(texts)
    assert b"-Date" not in compiled(texts)["messages.po"]
    assert b"plural=(n > 1)" in compiled(texts)["messages.mo"]
