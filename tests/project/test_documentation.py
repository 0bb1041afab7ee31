"""The documentation agrees with the project: generated tables, links, named files, pictures, the graph of packages."""

import re
from itertools import pairwise

import pytest

from devtools.docs import DOCS, TABLES, marked, updated
from tests.project.test_imports import package_graph
from tests.project.tree import ROOT, none_of, sources
from wss.domain.lifecycle import TABLE
from wss.domain.notices import NOTICES

PAGES = sorted([ROOT / "README.md", ROOT / "ARCHITECTURE.md", *DOCS.glob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
FILE = re.compile(r"`((?:wss|templates|tests|bench|attack|devtools|deploy|docs|static|migrations)/[\w./-]*)`")
# Pages that may be linked before they exist.
LATER = {"CONTRIBUTING.md"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(markdown: str) -> set[str]:
    """Return the anchors that Markdown renderers give to headings."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: str) -> list[str]:
    """Return the links of a page to files or headings that do not exist."""
    path = ROOT / page
    broken = []
    for target, anchor in LINK.findall(path.read_text(encoding="utf-8")):
        to = path.parent / target if target else path
        if to.name in LATER and not to.exists():
            continue
        if not to.exists() or (anchor and anchor not in anchors(to.read_text(encoding="utf-8"))):
            broken.append(f"{page}: {target}#{anchor}")
    return broken


def missing_files(page: str) -> list[str]:
    """Return the files and folders that a page names in backquotes and that do not exist."""
    return [f"{page}: {name}" for name in FILE.findall(read(page)) if not (ROOT / name).exists()]


@pytest.mark.parametrize("name", TABLES)
def test_generated_tables_are_up_to_date(name: str):
    page = read(f"docs/{TABLES[name][0]}")

    assert updated(name, page) == page, "run `make docs`"


def test_an_outdated_table_is_replaced():
    old = "before\n<!-- texts: made by hand -->\n| old |\n<!-- end of texts -->\nafter"

    assert updated("texts", old) == f"before\n{marked('texts')}\nafter"


def test_a_page_without_a_place_for_its_table_is_an_error():
    with pytest.raises(ValueError, match="0 places"):
        updated("texts", "# Messages")


def test_every_sms_is_listed_in_both_languages():
    notices = [name for name, notice in NOTICES.items() if "sms" in notice.channels]

    rows = {tuple(row.split(" | ")[:2]) for row in marked("texts").splitlines()}

    assert {(f"| {name}", language) for name in notices for language in ("hi", "en")} <= rows


def test_every_step_of_the_life_cycle_is_listed():
    rows = [row.split(" | ")[:2] for row in marked("steps").splitlines()]

    listed = {(status.strip("| `"), action) for before, action in rows[3:-1] for status in before.split(", ")}

    assert listed == {(str(status), f"`{action}`") for status, action in TABLE}


def test_links_lead_somewhere():
    none_of([fault for page in PAGES for fault in broken_links(str(page.relative_to(ROOT)))])


def test_named_files_exist():
    none_of([fault for page in PAGES for fault in missing_files(str(page.relative_to(ROOT)))])


def test_comments_refer_to_headings_that_exist():
    known = {page.name: anchors(page.read_text(encoding="utf-8")) for page in DOCS.glob("*.md")}

    none_of(
        [
            f"{source.path}: {name}#{anchor}"
            for source in sources("wss", "devtools", "bench", "attack")
            for name, anchor in re.findall(r"docs/([\w-]+\.md)#([\w-]+)", source.text)
            if anchor not in known.get(name, set())
        ]
    )


def test_readme_is_short_and_opens_with_the_two_commands():
    readme = read("README.md")

    assert len(readme.splitlines()) <= 90
    assert re.findall(r"```sh\n(.+)\n```", readme)[:2] == ["make run", "make test"]
    assert readme.index("make test") < readme.index("\n## ")


def test_architecture_is_one_page():
    assert len(read("ARCHITECTURE.md").splitlines()) <= 60


def test_the_index_lists_every_page():
    listed = {target for target, _anchor in LINK.findall(read("docs/README.md"))}

    none_of(sorted({page.name for page in DOCS.glob("*.md")} - listed - {"README.md"}))


def test_pictures_exist_and_are_small():
    named = re.findall(r'src="(docs/pictures/[\w.]+)"', read("README.md"))

    assert len(named) == 2
    assert [name for name in named if not 1_000 < (ROOT / name).stat().st_size < 60_000] == []


def test_the_graph_of_services_is_the_one_of_the_page():
    cells = [cell.strip() for line in read("ARCHITECTURE.md").splitlines() for cell in line.split("|")]
    shown = {
        package: {target for target in re.findall(r"\w+", targets)}
        for packages, targets in pairwise(cells)
        if re.fullmatch(r"`\w+`(, `\w+`)*", packages)
        for package in re.findall(r"\w+", packages)
    }

    graph = package_graph(sources("wss/services"))

    assert {package: shown.get(package) for package in graph} == graph
