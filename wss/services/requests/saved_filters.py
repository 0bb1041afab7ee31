"""Saved filters of the To-Do list: an officer's own, a few for each."""

from collections.abc import Mapping

from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound, RuleBroken
from wss.domain.todo_filter import FILTER_NAME_LENGTH, FILTERS_PER_PERSON
from wss.domain.typed_values import line
from wss.queries import saved_filters as queries
from wss.queries.staff import lock_employee


def save_filter(actor: Actor, typed_name: str, filter_args: Mapping[str, str]) -> str:
    """Save a filter under a name, and return the name; one of the same name is replaced.

    Raises Malformed for a name that cannot be shown, and RuleBroken when the officer has as many as are allowed.
    """
    name = line(typed_name, FILTER_NAME_LENGTH)
    with transaction():
        lock_employee(actor.id)
        others = [each for each in queries.saved_filters(actor.id) if each.name != name]
        if len(others) >= FILTERS_PER_PERSON:
            raise RuleBroken("filters_full")
        queries.put_filter(actor.id, name, dict(filter_args))
    return name


def rename_filter(actor: Actor, filter_id: int, typed_name: str) -> None:
    """Rename a filter of the officer. Raises NotFound, Malformed, and RuleBroken for a name that another one has."""
    name = line(typed_name, FILTER_NAME_LENGTH)
    with transaction():
        lock_employee(actor.id)
        if any(each.name == name and each.id != filter_id for each in queries.saved_filters(actor.id)):
            raise RuleBroken("filter_name_taken")
        if not queries.rename_filter(actor.id, filter_id, name):
            raise NotFound


def delete_filter(actor: Actor, filter_id: int) -> None:
    """Delete a filter of the officer. Raises NotFound for any other."""
    with transaction():
        if not queries.delete_filter(actor.id, filter_id):
            raise NotFound


def choose_default(actor: Actor, filter_id: int | None) -> None:
    """Begin the officer's To-Do list with this filter, or with none. Raises NotFound for another's filter."""
    with transaction():
        own = {each.id for each in queries.saved_filters(actor.id)}
        if filter_id is not None and filter_id not in own:
            raise NotFound
        queries.set_default(actor.id, filter_id)
