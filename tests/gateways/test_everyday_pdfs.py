"""The office sees in a PDF what its sender saw; if that is impossible, the file is refused with a reason."""

import pytest

from tests.gateways.everyday_pdfs import EVERYDAY, outcome
from wss.gateways.sanitiser_pdf import clean_pdf


@pytest.mark.parametrize("name", EVERYDAY)
def test_a_pdf_is_kept_as_it_looks_or_refused_for_its_reason(name):
    assert outcome(EVERYDAY[name], lambda content: clean_pdf(content)[1]) in ("kept", "refused as it must be")
