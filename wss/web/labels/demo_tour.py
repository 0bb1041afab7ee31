"""The stops of the demo tour: where each person begins, and what there is to see."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.actor import Role


@dataclass(frozen=True, slots=True)
class StopText:
    """The first page of a person, and a sentence on what to look at."""

    start: str
    words: LazyString
    is_of_staff: bool = True


# By the user name of a written case of the demo, or by a role.
STOPS: dict[str, StopText] = {
    "seema": StopText(
        "consumer.account",
        _l(
            "Two digits of her reading were swapped. The bill is corrected: compare before and after, then confirm."
        ),
        is_of_staff=False,
    ),
    "geeta": StopText(
        "consumer.account",
        _l("Her home was billed as a shop. The office has a question: answer it in her complaint."),
        is_of_staff=False,
    ),
    "shivkumar": StopText(
        "consumer.account",
        _l(
            "His complaint is late. See which senior officer has it now, and the petition that is ready to print."
        ),
        is_of_staff=False,
    ),
    Role.HELPDESK.value: StopText(
        "helpdesk.desk",
        _l(
            "Takes calls at 1912. Open a call with account number %(account)s: a son complained for his mother."
        ),
    ),
    Role.HELPDESK_SUPERVISOR.value: StopText(
        "helpdesk.supervisor",
        _l("A consumer says that he never called 1912. Decide about the complaint that he stopped by SMS."),
    ),
    Role.BILLING_CLERK.value: StopText(
        "officer.todo",
        _l(
            "New complaints with photo and reading. Open one, compare the photo, and propose the corrected bill."
        ),
    ),
    Role.SDO.value: StopText(
        "officer.approvals",
        _l(
            "A changed meter waits for a second person. Check the figures, then approve them or send them back."
        ),
    ),
    Role.EE.value: StopText(
        "officer.todo",
        _l("Late and refused complaints have come up to this post. See who had them, and for how long."),
    ),
    Role.HEAD_OFFICE.value: StopText(
        "mis.figures",
        _l(
            "The whole company: which offices are late, which decisions consumers refuse, how long a decision takes."
        ),
    ),
    Role.ADMIN.value: StopText(
        "admin.tables",
        _l("Offices, staff, limits and texts. What gives someone rights waits for a second administrator."),
    ),
}
