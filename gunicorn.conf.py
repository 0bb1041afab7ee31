"""How gunicorn serves the site: `gunicorn app:app` from this folder reads it. docs/server.md explains each choice."""

from wss.config import Config
from wss.connections import BufferingWorker
from wss.logs.log_lines import configure_logs

_config = Config.from_env()

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
