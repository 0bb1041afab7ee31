"""Calls at the help-desk: opened with a reason, proved by the caller, and what can be done for them then."""

from wss.services.calls.answering import Answer as Answer
from wss.services.calls.answering import Answered as Answered
from wss.services.calls.answering import AnswerTold as AnswerTold
from wss.services.calls.answering import confirm_resolution as confirm_resolution
from wss.services.calls.opening import OpenedCall as OpenedCall
from wss.services.calls.opening import Opening as Opening
from wss.services.calls.opening import choose as choose
from wss.services.calls.opening import end_call as end_call
from wss.services.calls.opening import open_call as open_call
from wss.services.calls.sending import Link as Link
from wss.services.calls.sending import LinkSent as LinkSent
from wss.services.calls.sending import register_consumer as register_consumer
from wss.services.calls.sending import send_documents_link as send_documents_link
from wss.services.calls.sending import send_link as send_link
from wss.services.calls.sending import start_mobile_change as start_mobile_change
from wss.services.calls.verifying import Proofs as Proofs
from wss.services.calls.verifying import Verified as Verified
from wss.services.calls.verifying import Verify as Verify
from wss.services.calls.verifying import give_consent as give_consent
from wss.services.calls.verifying import send_otp as send_otp
from wss.services.calls.verifying import verify as verify
