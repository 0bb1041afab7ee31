"""How gunicorn serves the site: `gunicorn app:app` from this folder reads it. docs/server.md explains each choice."""

import gc
import logging
import os
import sys

from gunicorn.workers.base import Worker

from wss import metrics
from wss.config import Config, ConfigError
from wss.connections import BufferingWorker
from wss.logs.log_lines import configure_logs

try:
    _config = Config.from_env()
except ConfigError as refused:
    sys.exit(f"WSS does not start: {refused}")

bind = [f"127.0.0.1:{_config.port}"]
worker_class = "wss.connections.BufferingWorker"
workers = 2
threads = 8
worker_connections = 1000
backlog = 1024
# The application is loaded once and shared; app.py closes its connections before the processes are forked.
preload_app = True

# A process that has not come round for so long is replaced. Requests and bodies have limits in wss/connections.py.
timeout = 60
graceful_timeout = 10
keepalive = 15

# sendfile waits for its reader; wss/answer_socket.py does not.
sendfile = False

limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190

# Forwarded headers are the application's to read, as WSS_TRUSTED_PROXIES says: gunicorn believes none.
BufferingWorker.trusted_proxies = _config.trusted_proxies or 0
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
proxy_protocol = False

# Addresses hold the tokens of links, so no access log is written; what goes wrong is logged without them
# (docs/logs.md).
configure_logs(_config, "web")
logger_class = "wss.logs.server_log.ServerLog"
accesslog = None
loglevel = "warning" if _config.is_development or _config.log_level in ("warning", "error") else "info"
control_socket_disable = True
umask = 0o077


def on_starting(_server: object) -> None:
    """Warn of too many connections, and make the folder of the metrics."""
    connections = _config.database_pool + _config.database_overflow
    if _config.database_url and connections >= threads:
        logging.getLogger("gunicorn.error").warning(
            "WSS_DATABASE_POOL and WSS_DATABASE_OVERFLOW allow %d connections for %d threads: "
            "while the database is slow no page is served",
            connections,
            threads,
        )
    # systemd's folder of the unit or the memory of the machine, where a full disk does no harm. Always a new folder:
    # another server, which has started this one to be replaced by it, removes its own.
    parents = (*os.environ.get("RUNTIME_DIRECTORY", "").split(":"), "/dev/shm")  # noqa: S108
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics.make_folder(parents)
    metrics.start()


def pre_fork(_server: object, _worker: Worker) -> None:
    """Leave what is loaded to all processes: the garbage collection would mark it, and so copy it for each of them."""
    gc.freeze()


def child_exit(_server: object, worker: Worker) -> None:
    """Drop what a process that has ended held open."""
    metrics.forget_process(worker.pid)


def on_exit(_server: object) -> None:
    """Remove the folder of the metrics."""
    metrics.remove_folder(os.environ["PROMETHEUS_MULTIPROC_DIR"])
