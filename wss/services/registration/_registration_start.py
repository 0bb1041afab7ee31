"""The start of a registration: counted per browser and network, as each start is a row, and stored for the browser."""

from dataclasses import dataclass

from wss.clock import now
from wss.domain.ownership import REGISTRATION_LIFE
from wss.domain.rate_limits import Limit, LimitResult
from wss.domain.visitor import Visitor
from wss.models import Registration
from wss.queries.registrations import begin_registration
from wss.services.shared import rate_limits


@dataclass(frozen=True, slots=True)
class TypedNumbers:
    """The numbers as typed, well-formed or empty."""

    account_no: str = ""
    bill_no: str = ""


def count_begun(visitor: Visitor) -> LimitResult:
    """Count one more registration begun by this browser and its network."""
    limit_result = rate_limits.consume(Limit.BEGIN_BROWSER, visitor.session_hash)
    return rate_limits.consume(Limit.BEGIN_ADDRESS, visitor.address) if limit_result.allowed else limit_result


def store_registration(
    visitor: Visitor, account_no: str | None, typed: TypedNumbers, *, both_given: bool
) -> None:
    """Store a registration under way in place of the browser's former one."""
    at = now()
    begin_registration(
        Registration(
            session_hash=visitor.session_hash,
            account_no=account_no,
            typed_account_no=typed.account_no,
            typed_bill_no=typed.bill_no,
            both_given=both_given,
            language=visitor.language,
            created_at=at,
            expires_at=at + REGISTRATION_LIFE,
        )
    )
