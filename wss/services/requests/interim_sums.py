"""The sum that a discom accepts for disputed bills while their complaint is open."""

from collections.abc import Sequence

from wss.domain.interim_sum import InterimRule, InterimSum, interim_sum
from wss.queries.bills import charged_bills, replaced_bills
from wss.queries.reference import Reference

# The disputed bills, and those of the months before that a rule can average.
_BILLS_KNOWN = 36


def interim_sum_for(
    tables: Reference, office_code: str, account_no: str, bill_nos: Sequence[str]
) -> InterimSum | None:
    """Return the sum for bills of a connection; None while its discom has not switched a rule on."""
    discom = tables.discom(office_code)
    if discom is None or not discom.interim_on or not discom.interim_months or not bill_nos:
        return None
    in_force = replaced_bills(bill_nos)
    numbers = {in_force.get(number, number) for number in bill_nos}
    bills = charged_bills(account_no, _BILLS_KNOWN)
    disputed = [bill for bill in bills if bill.bill_no in numbers]
    if len(disputed) < len(numbers):
        return None
    begin = min(bill.period_from for bill in disputed)
    earlier = [bill for bill in bills if bill.period_to <= begin and bill.bill_no not in numbers]
    return interim_sum(InterimRule(discom.interim_rule), discom.interim_months, disputed, earlier)
