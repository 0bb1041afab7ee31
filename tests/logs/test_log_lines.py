"""The lines of the log: their fields, one line each, without tokens of links."""

import json
import logging
import sys
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest

from wss.config import Config, ConfigError
from wss.database_connections import LimitedPool
from wss.logs import log_lines
from wss.logs.log_lines import LINKS, JsonFormatter, TextFormatter, configure_logs, masked
from wss.logs.request_trace import begin_trace, end_trace
from wss.logs.server_log import ServerLog

Capture = pytest.CaptureFixture[str]
TOKEN = "SECRETTOKEN1234567890"


def a_record(message: str = "a message", **more: Any) -> logging.LogRecord:
    record = logging.LogRecord(
        "wss.x", logging.WARNING, "x.py", 1, message, more.pop("args", ()), more.pop("exc_info", None)
    )
    record.__dict__.update(more)
    return record


def a_fault(text: str) -> Any:
    try:
        raise RuntimeError(text)
    except RuntimeError:
        return sys.exc_info()


def test_a_line_says_when_where_and_for_which_request():
    trace = begin_trace()
    line = json.loads(JsonFormatter("web").format(a_record(rule="/t/<code>", status=500)))
    end_trace()

    assert line["time"].endswith("Z") and line["pid"] > 0
    assert {name: line[name] for name in line if name not in ("time", "pid")} == {
        "level": "warning",
        "process": "web",
        "logger": "wss.x",
        "request_id": trace.id,
        "message": "a message",
        "rule": "/t/<code>",
        "status": 500,
    }


def test_a_field_that_is_not_in_the_list_is_left_out():
    assert "9876543210" not in JsonFormatter("web").format(a_record(mobile="9876543210"))


@pytest.mark.parametrize("formatter", [JsonFormatter("web"), TextFormatter("web")])
def test_a_message_stays_on_one_line(formatter: logging.Formatter):
    line = formatter.format(a_record("typed\r\nERROR forged\u2028line\x1b[2J"))

    assert len(line.splitlines()) == 1 and "\x1b" not in line


@pytest.mark.parametrize("formatter", [JsonFormatter("web"), TextFormatter("web")])
def test_no_line_has_the_token_of_a_link(formatter: logging.Formatter):
    for link in LINKS:
        address = f"https://wss.example.in/{link}/{TOKEN}?lang=hi"
        query = f"/login?next=%2F{link.replace('/', '%2F')}%2F{TOKEN}"

        assert TOKEN not in formatter.format(a_record(f"GET {address} {query}", exc_info=a_fault(address)))


def test_an_address_without_a_token_stays_readable():
    assert (
        masked("GET /todo/10000000016/actions, /help and /d/")
        == "GET /todo/10000000016/actions, /help and /d/"
    )


def a_refused_recipient() -> None:
    raise SMTPRecipientsRefused({TOKEN: (550, b"no such user")})


@pytest.mark.parametrize("fail", [lambda: int(TOKEN), lambda: {}[TOKEN], a_refused_recipient])
def test_no_stack_trace_has_the_value_that_an_error_quotes(fail: Any):
    try:
        fail()
    except Exception as error:
        cause = error
    try:
        raise ExceptionGroup("some steps failed", [cause]) from cause
    except ExceptionGroup:
        trace = json.loads(JsonFormatter("web").format(a_record(exc_info=sys.exc_info())))["trace"]

    assert TOKEN not in trace and type(cause).__name__ in trace and "some steps failed" in trace


def test_a_long_stack_trace_keeps_its_end():
    line = json.loads(JsonFormatter("web").format(a_record(exc_info=a_fault("x" * 20_000 + " the end"))))

    assert len(line["trace"]) == 16_000 and line["trace"].endswith(" the end\n")


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set up the logs of this process as before at the end."""
    root, ours = logging.getLogger(), logging.getLogger("wss")
    before = root.handlers[:], root.level, ours.level, log_lines._formatter
    for module in (sys, log_lines.threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    end_trace()
    yield
    root.handlers[:], root.level, ours.level, log_lines._formatter = before
    logging.captureWarnings(capture=False)


def test_production_logs_json_and_development_text(restored: None, capsys: Capture):
    for environment in ("production", "development"):
        configure_logs(Config(env=environment), "web")
        logging.getLogger("wss.x").warning("a message")

    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["message"] == "a message" and second.endswith("warning web wss.x: a message")


def test_the_level_of_the_site_is_a_setting_and_libraries_only_warn(restored: None, capsys: Capture):
    configure_logs(Config(log_level="debug"), "web")
    for name in ("wss.x", "a_library", f"{LimitedPool.__module__}.{LimitedPool.__name__}"):
        logging.getLogger(name).info("a message")

    assert [json.loads(line)["logger"] for line in capsys.readouterr().err.splitlines()] == ["wss.x"]


def test_what_sqlalchemy_says_of_its_pool_is_the_line_of_a_library():
    assert LimitedPool(lambda: None).logger.name.startswith("sqlalchemy.")  # type: ignore[arg-type, return-value]


def test_an_error_that_ends_the_process_is_one_line(restored: None, capsys: Capture):
    configure_logs(Config(), "worker")
    sys.excepthook(*a_fault("whatever"))

    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["process"], "whatever" in line["trace"]) == ("critical", "worker", True)


def test_an_unknown_level_is_refused():
    with pytest.raises(ConfigError, match="WSS_LOG_LEVEL must be debug, info, warning or error"):
        Config.from_env({"WSS_LOG_LEVEL": "loud"})


def test_an_access_log_of_gunicorn_that_is_switched_on_has_no_tokens():
    class Answer:
        status, sent, headers = "200 OK", 10, ()

    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/t/{TOKEN}?q={TOKEN}",
        "PATH_INFO": f"/t/{TOKEN}",
        "QUERY_STRING": f"q={TOKEN}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://wss.example.in/t/{TOKEN}",
    }
    took = log_lines.datetime.resolution
    atoms = ServerLog.atoms(ServerLog.__new__(ServerLog), Answer, [("X-A", TOKEN)], environ, took)

    assert TOKEN not in str(atoms) and atoms["r"] == "GET /t/... HTTP/1.1"
