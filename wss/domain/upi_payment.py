"""A UPI intent: the address that opens a payment app with payee, amount and note filled in, and nothing else.

UPI Linking Specification (NPCI): `pa` the payee, `pn` its name, `am` rupees with two decimals, `cu` the currency,
`tn` the note. Each value is percent-encoded by itself (RFC 3986), so that none adds a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

PAISE = 100


@dataclass(frozen=True, slots=True)
class UpiPayment:
    """A payment of a bill: to whom, how much, and for which bill.

    The note has the number of the bill, without which the company could not post the payment. It leaves out the account
    number: note and bank statement are read by others, and both numbers together begin a registration.
    """

    payee: str
    payee_name: str
    amount_paise: int
    bill_no: str

    @property
    def address(self) -> str:
        """Return the address of the intent."""
        values = {
            "pa": self.payee,
            "pn": self.payee_name,
            "am": f"{self.amount_paise // PAISE}.{self.amount_paise % PAISE:02d}",
            "cu": "INR",
            "tn": f"Bill {self.bill_no}",
        }
        return "upi://pay?" + "&".join(f"{name}={quote(value, safe='@')}" for name, value in values.items())
