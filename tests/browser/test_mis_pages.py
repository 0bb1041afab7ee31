"""The figures in a real browser: accessible at every size, with and without scripts."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.factories import a_household, a_service_request, bill_correction, given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import NUMBER, resolve, staff_of_the_office
from tests.fixtures.page_checks import accessibility_faults_once, html_faults, overflow_faults
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.services.mis import sums

pytestmark = pytest.mark.sqlite_only("layout does not depend on the database")


@pytest.fixture
def open_figures(live_site: LiveSite, open_as_staff: OpenPage) -> OpenPage:
    """Return a function that opens pages as the executive engineer, at the site's time."""
    given(*bill_correction())
    home = a_household()
    staff_of_the_office()
    a_service_request(home, NUMBER)
    resolve()
    sums.rebuild()

    return partial(open_as_staff, "E1", stepped_up=False)


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
@pytest.mark.parametrize(
    "path", ["/mis", "/mis?from=x", "/mis/requests?figure=pending", "/mis/requests?figure=resolved"]
)
def test_the_figures_are_accessible(open_figures: OpenPage, path: str, screen: str, language: str):
    page = open_figures(path, screen=screen, language=language)

    assert page.locator("h1").count() == 1 and "/mis" in page.url
    none_of(accessibility_faults_once(page) + overflow_faults(page) + html_faults(page.content()))


@pytest.mark.parametrize("scripts", [True, False])
def test_an_officer_narrows_the_figures_and_looks_behind_one(open_figures: OpenPage, scripts: bool):
    page = open_figures("/mis", scripts=scripts, language="en", screen="desk")

    page.get_by_label("Kind").select_option("BILL_CORRECTION")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**kind=BILL_CORRECTION**")
    page.get_by_role("link", name="1", exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Open")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_printed_figures_are_whole_and_without_controls(open_figures: OpenPage):
    page = open_figures("/mis?kind=BILL_CORRECTION", screen="desk", language="en")
    # 277 mm, the printable width of A4 in landscape.
    page.set_viewport_size({"width": 1047, "height": 700})
    page.emulate_media(media="print")

    expect(page.locator("form.fil")).to_be_hidden()
    expect(page.locator(".paper")).to_contain_text("Bill correction")
    # A footer group would be printed again at the end of each sheet, in the middle of the offices.
    assert (
        page.locator("tfoot").evaluate_all("all => all.map(one => getComputedStyle(one).display)")
        == ["table-row-group"] * page.locator("tfoot").count()
    )
    none_of(overflow_faults(page))
