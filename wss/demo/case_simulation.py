"""Simulation of the written cases through the ordinary use cases: on the site, at 1912 and in the office."""

import json
from datetime import datetime
from typing import Any

from wss import vault
from wss.clock import frozen_at, now
from wss.db import reading
from wss.demo.bulk import form_token
from wss.demo.case_bills import PlacedCase, case_moments
from wss.demo.case_facts import CaseStep
from wss.demo.decisions import DECISIONS, decide_proposal, present_state, propose_figures_of
from wss.demo.scenarios import ScenarioRole
from wss.demo.simulation import Simulation
from wss.demo.stored_photos import add_to_draft, store_photo
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.billed import EffectiveBill
from wss.domain.catalogue import RequestField, kept_as
from wss.domain.lifecycle import CALLED, FREEZE, Action
from wss.domain.uploads import ReadyDocument
from wss.queries.demo import employees_of
from wss.queries.messages import messages_to
from wss.services.calls.call_records import end_call, open_call
from wss.services.calls.open_requests import remind
from wss.services.calls.submission import register_for_caller, save_call_draft
from wss.services.calls.verification import CallerProof, give_consent, send_otp, verify
from wss.services.requests.actions import take_action
from wss.services.requests.disputes import dispute
from wss.services.requests.draft_documents import DocumentStorage
from wss.services.requests.form_drafts import FilledForm
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest

# The tokens of the other generated forms are below these.
_FIRST_TOKEN = 2_000_000_000
# Messages among which the wanted one is: those of one moment have no order.
_RECENT = 10


class CaseSimulation:
    """Simulates one written case from the complaint to its present state."""

    def __init__(
        self,
        simulation: Simulation,
        placed: PlacedCase,
        consumer_id: int | None,
        storage: DocumentStorage | None,
    ) -> None:
        self._simulation, self._placed, self._case = simulation, placed, placed.case
        self._account_no, self._mobile = placed.connection[0], placed.connection[6]
        self._consumer_id, self._storage = consumer_id, storage
        self._consumer = Actor(Role.CONSUMER, str(consumer_id) if consumer_id else "")
        self._complaint_no = ""
        with reading():
            self._helpdesk = employees_of(Role.HELPDESK)[0]
        self._times = case_moments(placed.case, simulation.calendar, placed.world.today)

    @property
    def begins(self) -> datetime:
        """Return when the complaint is registered."""
        return self._times[0]

    def play(self) -> str:
        """Register the complaint and carry out its steps; return its number."""
        with frozen_at(self.begins):
            self._complaint_no = self._register_on_call() if self._case.relation else self._register()
        for step, at in zip(self._case.steps, self._times[1:], strict=True):
            self._escalate(at)
            with frozen_at(at):
                self._take(step)
        self._escalate(now())
        return self._complaint_no

    def _escalate(self, until: datetime) -> None:
        """Pass the request on at each moment at which the worker would have done so."""
        while (due := present_state(self._complaint_no).escalate_at) and due <= until:
            with frozen_at(due):
                take_action(SYSTEM, self._complaint_no, ActionRequest(Action.ESCALATE))

    def _filled(self) -> FilledForm:
        case, readings = self._case, self._placed.readings
        answers: dict[str, Any] = {"bill_no": self._placed.disputed, "remarks": self._text(case.remarks)}
        if case.meter.is_payment_missing:
            paid = list(self._placed.bills())[-2]
            amount = kept_as(RequestField.PAID_AMOUNT)
            answers |= {amount: int(paid[-7].replace(".", "")), RequestField.PAID_ON.value: paid[-6]}
        else:
            answers |= {"reason": case.reason}
            answers |= {"reading_kwh": readings.given} if case.has_reading else {}
        token = form_token(self._placed.world.seed, _FIRST_TOKEN + self._placed.index)
        return FilledForm(token, case.kind, {}, answers)

    def _register(self) -> str:
        draft = save_draft(self._consumer, self._account_no, self._filled())
        for photo in self._photo() if self._case.has_photo else []:
            add_to_draft(photo, draft.id, self._consumer_id)
        return register_draft(self._consumer, draft.form_token)

    def _register_on_call(self) -> str:
        call_id = open_call(self._helpdesk, self._account_no, "bill", "hi").call_id
        send_otp(self._helpdesk, call_id)
        verify(self._helpdesk, call_id, CallerProof(otp=self._values_of("call_otp")["otp"]))
        give_consent(self._helpdesk, call_id, self._case.relation, True)
        draft = save_call_draft(self._helpdesk, call_id, self._filled())
        complaint_no = register_for_caller(self._helpdesk, call_id, draft.form_token)
        end_call(self._helpdesk, call_id)
        return complaint_no

    def _values_of(self, notice: str) -> dict[str, str]:
        """Return the values of the newest SMS of a notice to the consumer's mobile."""
        with reading():
            messages = messages_to([self._mobile], _RECENT)
        message = next(one for one in messages if one.notice == notice)
        values: dict[str, str] = json.loads(vault.unseal(message.text_sealed))
        return values

    def _take(self, step: CaseStep) -> None:
        """Take one step as the person would whose step it is."""
        words = self._text(step.words)
        if step.taken == CALLED:
            call_id = open_call(self._helpdesk, self._complaint_no, "status", "hi").call_id
            remind(self._helpdesk, call_id, self._complaint_no, self._mobile[-4:])
            end_call(self._helpdesk, call_id)
        elif step.taken == FREEZE:
            dispute(self._values_of("request_registered_1912")["dispute_path"].rpartition("/")[2], words)
        elif step.figures:
            self._propose(self._actor(step.by), step, words)
        elif step.taken in DECISIONS:
            decide_proposal(self._actor(step.by), self._complaint_no, Action(step.taken), words)
        else:
            documents = self._photo() if step.has_photo else []
            take_action(
                self._actor(step.by),
                self._complaint_no,
                ActionRequest(
                    Action(step.taken), words, step.resolution, rating=step.rating, documents=documents
                ),
            )

    def _propose(self, officer: Actor, step: CaseStep, words: str) -> None:
        numbers = self._placed.disputed[::-1]

        def figures_of(bill: EffectiveBill) -> dict[str, str]:
            values = self._placed.values(numbers.index(bill.bill_no))
            return {name: figure.format_map(values) for name, figure in step.figures.items()}

        propose_figures_of(officer, self._complaint_no, figures_of, self._case.reason, words)

    def _actor(self, by: ScenarioRole) -> Actor:
        if by is ScenarioRole.CONSUMER:
            return self._consumer
        actor = self._simulation.actor_of(by, self._complaint_no)
        if actor is None:
            raise RuntimeError(f"{self._case.name}: the post of {by} is vacant")
        return actor

    def _text(self, words: str) -> str:
        return words.format_map(self._placed.values())

    def _photo(self) -> list[ReadyDocument]:
        """Return a new photo of the meter; none without a document storage."""
        if self._storage is None:
            return []
        given = self._placed.readings.given if self._case.has_reading else None
        return [store_photo(self._storage, given, self._case.meter.meter_no)]
