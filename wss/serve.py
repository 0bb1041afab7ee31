"""The one-command run: secret, tables, demo data, then the server and the worker as processes of their own."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import Application

from wss import Components, create_app, schema, start_checks
from wss.cli.worker import work
from wss.config import Config, ConfigError
from wss.db import reading
from wss.file_permissions import remove_rights_of_others
from wss.logs.log_lines import configure_logs, name_process
from wss.queries.reference import office_count
from wss.start_checks import DataUse

SETTINGS = Path(__file__).resolve().parent.parent / "gunicorn.conf.py"
_DIES_WITH_PARENT = 1
_STOP_TIMEOUT_S = 12


def serve() -> int:
    """Set up what is missing and serve until stopped; return the exit status."""
    os.umask(0o077)
    try:
        config = Config.from_env()
    except ConfigError as mistake:
        return _refuse([str(mistake)])
    configure_logs(config, "web")
    refusals = config.refusals()
    if refusals:
        return _refuse(refusals)
    for warning in config.warnings():
        logging.getLogger("wss").warning("%s", warning)
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_rights_of_others(config)
    app = create_app(config)
    parts: Components = app.extensions["wss"]
    prepare(parts)
    refusals = start_checks.refusals(parts, DataUse.SERVICE)
    if refusals:
        return _refuse(refusals)
    for warning in start_checks.service_warnings(parts):
        click.echo(f"WSS: {warning}", err=True)
    welcome = _welcome(config)
    # Forked processes must not share a connection.
    parts.database.dispose()
    sys.stdout.flush()
    processes = Processes({"server": lambda: _run_server(app, welcome), "worker": lambda: _run_worker(parts)})
    return processes.watch()


def prepare(parts: Components) -> None:
    """Bring the tables up to date, and fill an empty development site with demo data unless WSS_DEMO=0."""
    if not schema.is_current(parts.database):
        schema.upgrade(parts.database)
    refusal = schema.refusal(parts.database)
    if refusal:
        raise SystemExit(f"WSS does not start: {refusal}")
    with reading():
        is_empty = office_count() == 0
    if is_empty and parts.config.is_development and parts.config.demo:
        from wss.cli.demo_loading import load_demo
        from wss.demo.login_list import enable_staff_logins
        from wss.services.requests.draft_documents import storage_of

        click.echo("Loading demo data …")
        load_demo(storage=storage_of(parts.gateways))
        enable_staff_logins()


class Processes:
    """The processes of one site: when the server ends all end, a worker that ends is restarted."""

    def __init__(self, tasks: dict[str, Callable[[], None]]) -> None:
        self.tasks = tasks
        self.running: dict[int, str] = {}
        self.is_stopping = False

    def watch(self) -> int:
        """Start every process and wait until stopped; return the exit status."""
        for name in self.tasks:
            self._start(name)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._reload)
        status = 0
        while self.running:
            pid, ended = os.wait()
            name = self.running.pop(pid, "")
            if self.is_stopping or not name:
                continue
            if name == "server":
                status = os.waitstatus_to_exitcode(ended) or 1
                self._stop()
            else:
                time.sleep(1)
                self._start(name)
        signal.alarm(0)
        click.echo("Stopped.")
        return status

    def _start(self, name: str) -> None:
        pid = os.fork()
        if pid:
            self.running[pid] = name
            return
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            _end_with_parent()
            self.tasks[name]()
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        finally:
            sys.stdout.flush()
            os._exit(status)

    def _stop(self, number: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        """Terminate every process; those that do not end within seconds are killed."""
        is_last = number == signal.SIGALRM
        self.is_stopping = True
        for pid in self.running:
            os.kill(pid, signal.SIGKILL if is_last else signal.SIGTERM)
        signal.signal(signal.SIGALRM, self._stop)
        signal.alarm(0 if is_last else _STOP_TIMEOUT_S)

    def _reload(self, _number: int, _frame: FrameType | None) -> None:
        """Have the server replace its processes, one after the other."""
        for pid, name in self.running.items():
            if name == "server":
                os.kill(pid, signal.SIGHUP)


class GunicornServer(Application):
    """gunicorn with the settings of the project and an existing application."""

    def __init__(self, app: Flask, welcome: str, **others: object) -> None:
        self.made, self.welcome, self.others = app, welcome, others
        super().__init__()

    def load_config(self) -> None:
        """Read the settings; the command line is not gunicorn's here."""
        self.load_config_from_file(str(SETTINGS))
        self.cfg.set("when_ready", lambda _arbiter: click.echo(self.welcome))
        for name, value in self.others.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application that is served."""
        return self.made


def _run_server(app: Flask, welcome: str) -> None:
    GunicornServer(app, welcome).run()


def _run_worker(parts: Components) -> None:
    """Run the worker until stopped."""
    name_process("worker")

    def stop(*_: Any) -> None:
        parts.outbox.stop.set()

    signal.signal(signal.SIGTERM, stop)
    # Ctrl-C reaches every process of a terminal; the first process stops this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    config = parts.config
    work(
        parts.outbox,
        parts.gateways,
        close_on_silence=config.close_on_silence,
        has_demo_clock=config.has_demo_clock,
    )
    parts.database.dispose()


def _end_with_parent() -> None:
    """Have the system kill this process when its parent is killed: no process serves or sends without its parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)


def _welcome(config: Config) -> str:
    """Return the address, and in development the inbox and the logins."""
    lines = [f"WSS serves on {config.public_url}"]
    if config.is_development:
        lines.append(f"Every SMS and e-mail: {config.public_url}/dev/outbox")
        if config.demo:
            lines.append(f"Tour, as ten persons with one click each: {config.public_url}/dev")
            from wss.cli.demo_loading import demo_logins
            from wss.demo.login_list import staff_logins

            lines += [*demo_logins(), *staff_logins(config.staff_url or config.public_url)]
    return "\n".join(lines)


def _refuse(reasons: list[str]) -> int:
    for reason in reasons:
        click.echo(f"WSS does not start: {reason}", err=True)
    return 2
