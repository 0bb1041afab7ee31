"""The controls of revised bills, each with the test that must turn red."""

from tests.project import switches
from tests.project.switches import Control

REVISING, OWN_REVISIONS = (f"tests/services/test_{n}.py" for n in ("revising", "own_revisions"))
CHAIN = "tests/services/revisions/test_chain_of_a_bill.py"
REVISION_PAGES = "tests/web/test_revision_pages.py"

CONTROLS_OF_REVISIONS = (
    Control(
        21,
        "another person approves",
        switches.instead("wss.services.revisions._approval.check_second_person", lambda *_asked: None),
        f"{OWN_REVISIONS}::test_nobody_approves_their_own",
    ),
    Control(
        21,
        "limits of a post",
        switches.instead("wss.domain.approval.may_approve", lambda *_asked: True),
        f"{REVISING}::test_above_the_limit_of_the_sdo_the_ee_approves",
    ),
    Control(
        21,
        "earlier revisions of the bill count for the limit",
        switches.instead("wss.domain.revision.earlier_change", lambda *_bills: 0),
        f"{CHAIN}::test_several_revisions_of_a_bill_count_together_for_the_limit_of_a_post",
    ),
    Control(
        22,
        "a bill in a complaint is not revised beside it",
        switches.instead("wss.services.revisions._approval.is_in_other_complaint", lambda *_asked: False),
        f"{CHAIN}::test_a_proposal_of_before_the_complaint_is_not_approved_beside_it",
    ),
    Control(
        21,
        "not for one's own connection",
        switches.instead("wss.queries.officers.is_own_connection", lambda *_asked: False),
        f"{OWN_REVISIONS}::test_ones_own_connection_is_for_a_colleague",
    ),
    Control(
        21,
        "a fresh code before approving",
        switches.instead("wss.web.access.needs_step_up", lambda *_back: None),
        f"{REVISION_PAGES}::test_approving_asks_for_a_fresh_code_first",
    ),
    Control(
        22,
        "exactly the figures seen",
        switches.instead("wss.domain.revision.figures_hash", lambda *_figures: "0" * 64),
        f"{REVISING}::test_an_import_between_looking_and_approving_voids_what_was_seen",
    ),
)
