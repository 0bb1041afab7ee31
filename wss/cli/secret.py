"""`flask --app app secret`: the secrets of the site, and their change while it runs."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from wss import schema, vault
from wss.domain.site_secrets import FormerUse, KnownSecret
from wss.queries.sealed_texts import AUTHENTICATORS, TEXTS, SealedColumn
from wss.services.operations.secret_rotation import (
    ResealedBatch,
    begin_or_resume,
    finish,
    move_links_batch,
    replace_links_batch,
    reseal_batch,
    written_since_beginning,
)
from wss.services.operations.site_secret import (
    former_secret_uses,
    give_up_missing_secrets,
    secrets_of_database,
)
from wss.start_checks import secret_refusal

_PAUSE_S = 0.02
_HELD_UP_S = 0.2
_NAMED = 20
_USES = {
    FormerUse.LOGINS: "logins",
    FormerUse.REGISTRATIONS: "registrations under way",
    FormerUse.LINKS: "links in messages",
    FormerUse.COMPLAINT_LINKS: "links to follow a complaint, until 90 days after it is closed",
    FormerUse.RECOVERY_CODES: "employees with recovery codes, until they make new ones at /staff/codes",
}
_AFTER_LEAK = (
    "Former links to follow a complaint have ended; pages of the complaint show the new ones. Empty "
    "WSS_SECRET_KEY_OLD now and restart every process: until then cookies and links to end alerts that are made with "
    "the leaked secret are accepted. Then make a backup: with the leaked secret a backup can be changed and sealed "
    "again, so delete former ones, or keep their SHA-256 apart."
)


@click.group("secret")
@with_appcontext
def secret_commands() -> None:
    """The secrets of the site (WSS_SECRET_KEY, WSS_SECRET_KEY_OLD)."""
    parts = current_app.extensions["wss"]
    reasons = list(parts.config.refusals())
    if not reasons and not schema.is_current(parts.database):
        reasons = ["the database is not migrated: run `flask --app app db upgrade`"]
    if reasons:
        raise click.ClickException("; ".join(reasons))


@secret_commands.command("status")
@with_appcontext
def status_command() -> None:
    """Show the secrets of this process and of the database, and what still needs a former one."""
    own, *others = vault.fingerprints()
    click.echo(f"{own}: WSS_SECRET_KEY, signs and seals")
    for each in others:
        click.echo(f"{each}: WSS_SECRET_KEY_OLD, is accepted")
    for known in secrets_of_database():
        state = "nothing is sealed with it" if known.retired_at else "the database needs it"
        click.echo(f"{known.fingerprint}: used since {_moment(known.first_used_at)}; {state}")
    refusal = secret_refusal(stores=False)
    if refusal:
        raise click.ClickException(refusal)
    _say_what_needs_former_secrets()


@secret_commands.command("rotate")
@click.option("--batch", default=500, show_default=True, help="Rows in a transaction.")
@click.option("--again", is_flag=True, help="Pass every row, also those that an earlier run has passed.")
@click.option(
    "--leaked", is_flag=True, help="End the links that a former secret can compute, and make new ones."
)
@with_appcontext
def rotate_command(batch: int, *, again: bool, leaked: bool) -> None:
    """Seal with WSS_SECRET_KEY what former secrets have sealed, while the site runs; can be interrupted."""
    refusal = secret_refusal()
    if refusal:
        raise click.ClickException(refusal)
    own = vault.fingerprints()[0]
    known = secrets_of_database()
    if leaked:
        _check_is_new(own, known)
    if [each.fingerprint for each in known if each.retired_at is None] == [own] and not (again or leaked):
        click.echo(f"Everything is sealed with WSS_SECRET_KEY ({own}).")
        _say_what_needs_former_secrets()
        return
    broken, broken_texts = _seal_again(batch, again=again, leaked=leaked)
    for each in finish():
        click.echo(f"The secret {each} opens nothing in the database any more.")
    if leaked:
        click.echo(_AFTER_LEAK)
    else:
        _say_what_needs_former_secrets()
    _say_what_is_broken(broken, len(broken_texts))


def _check_is_new(own: str, known: list[KnownSecret]) -> None:
    """Refuse a change after a leak while the leaked secret is the only one."""
    if not [each for each in known if each.fingerprint != own]:
        raise click.ClickException(
            "this database has only had one secret: set WSS_SECRET_KEY to a new one, and WSS_SECRET_KEY_OLD to the "
            "leaked one"
        )
    first_used = next(each.first_used_at for each in known if each.fingerprint == own)
    click.echo(
        f"WSS_SECRET_KEY ({own}) was first used on {_moment(first_used)}: it must not be the leaked one."
    )


def _seal_again(batch: int, *, again: bool, leaked: bool) -> tuple[list[str], list[str]]:
    """Seal and store everything with the newest secret; return the employees and the messages that nothing opens."""
    resume_after = begin_or_resume(again=again)
    broken = _run("authenticator keys sealed", _sealed(AUTHENTICATORS, "", batch))
    broken_texts = _run("texts of messages sealed", _sealed(TEXTS, resume_after, batch, saves=True))
    if not leaked:
        _run("links to follow a complaint stored", _batches(lambda after: move_links_batch(after, batch), ""))
    late = _sealed(TEXTS, "", batch, since=written_since_beginning())
    if sum(each.changed for each in late):
        raise click.ClickException(
            "a process still seals with a former secret: restart every web server and worker with the new "
            "WSS_SECRET_KEY, then run this again"
        )
    if leaked:
        # After that check: no process makes links with a former secret any more.
        _run(
            "links to follow a complaint made", _batches(lambda after: replace_links_batch(after, batch), "")
        )
    return broken, broken_texts


@secret_commands.command("accept")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def accept_command(*, yes: bool) -> None:
    """Accept WSS_SECRET_KEY for this database although the secret that wrote it is lost."""
    refusal = secret_refusal()
    if not refusal:
        click.echo("WSS_SECRET_KEY is the secret of this database: nothing to do.")
        return
    click.echo(
        "What the lost secret has sealed or signed ends: authenticators and recovery codes of employees, waiting "
        "messages, logins, links that were sent."
    )
    if not yes:
        click.confirm("Is the secret lost, and not only missing here?", abort=True)
    give_up_missing_secrets()
    click.echo(f"The database now belongs to {vault.fingerprints()[0]}.")
    click.echo("Set employees up again, administrators first: `flask --app app staff enrol EMPLOYEE_ID`.")


def _sealed(
    of: SealedColumn, after: str, how_many: int, *, since: datetime | None = None, saves: bool = False
) -> Iterator[ResealedBatch]:
    return _batches(lambda last: reseal_batch(of, last, how_many, since=since, saves=saves), after)


def _batches(run: Callable[[str], ResealedBatch], after: str) -> Iterator[ResealedBatch]:
    """Yield the result of each batch up to the last; between them other writers have their turn."""
    while True:
        done = run(after)
        if done.is_last:
            return
        after = done.last
        yield done
        time.sleep(_HELD_UP_S if done.is_held_up else _PAUSE_S)


def _run(what: str, batches: Iterator[ResealedBatch]) -> list[str]:
    """Run the batches and print how many rows were changed; return the keys of the texts that nothing opens."""
    changed, next_line = 0, 0
    unreadable: list[str] = []
    for each in batches:
        changed += each.changed
        unreadable += each.unreadable
        if changed >= next_line + 10_000:
            next_line = changed
            click.echo(f"{changed} {what} …")
    click.echo(f"{changed} {what} again.")
    return unreadable


def _say_what_needs_former_secrets() -> None:
    uses = former_secret_uses()
    if uses is None:
        if len(vault.fingerprints()) > 1:
            click.echo("WSS_SECRET_KEY_OLD is needed: `flask --app app secret rotate` has not run.")
        return
    dated: list[datetime] = []
    for each in uses:
        until = f", until {_moment(each.until)}" if each.until else ""
        click.echo(f"Made before the change: {_USES[each.what]}: {each.how_many}{until}")
        dated += [each.until] if each.until else []
    end = f"from {_moment(max(dated))}" if dated else "now"
    click.echo(
        f"WSS_SECRET_KEY_OLD can be emptied {end}. Emptied earlier, what is listed ends, and so do in any case: links "
        "to end alerts in e-mails sent before, and browsers known by an older login, which are asked for an OTP."
    )


def _say_what_is_broken(employees: list[str], texts: int) -> None:
    if texts:
        click.echo(f"No secret opens the texts of {texts} messages; those that wait cannot be sent.")
    if employees:
        named = ", ".join(employees[:_NAMED]) + (" …" if len(employees) > _NAMED else "")
        raise click.ClickException(
            f"no secret opens the authenticators of {len(employees)} employees: {named}. Set them up again: "
            "`flask --app app staff enrol EMPLOYEE_ID`"
        )


def _moment(at: Any) -> str:
    return f"{at:%d-%m-%Y %H:%M} UTC"
