"""nginx with the shipped configuration as a reverse proxy of a site on loopback: other ports, and no certificates."""

import re
from pathlib import Path

from attack.environments import debian
from attack.program import HOST, PROJECT, Program, free_port

SHIPPED = PROJECT / "deploy" / "nginx.conf"
# Directives that depend on the machine or need a certificate.
_LEFT_OUT = re.compile(
    r"^\s*(?:ssl_\w+|user|pid|daemon|error_log|access_log|http2|worker_processes)\b[^;{]*;", re.M
)
_LISTEN = re.compile(r"\blisten\s+([^;]+);")
_UPSTREAM = re.compile(r"(\bproxy_pass\s+http://|\bserver\s+)(?:127\.0\.0\.1|localhost|\[::1\]):\d+")
_HTTP = re.compile(r"^\s*http\s*\{", re.M)
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_EVENTS = re.compile(r"^\s*events\s*\{", re.M)


def adapted(shipped: str, port: int, upstream_port: int, folder: Path) -> str:
    """Return the configuration with the public port and the port of the site behind it."""
    text = _LEFT_OUT.sub("", shipped).replace("/var/lib/nginx", str(folder))
    text = _UPSTREAM.sub(rf"\g<1>{HOST}:{upstream_port}", text)
    text = _with_ports(text, port)
    whole = text if _HTTP.search(text) else f"http {{\n{text}\n}}\n"
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    whole = _HTTP.sub(lambda found: f"{found.group(0)}\n{places}", whole, count=1)
    events = "" if _EVENTS.search(text) else "events { worker_connections 4096; }\n"
    machine = (
        f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n"
    )
    return machine + events + whole


def front_program(folder: Path, upstream_port: int) -> Program:
    """Return nginx in front of a site that listens on a port of this machine; a context manager."""
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        adapted(SHIPPED.read_text(encoding="utf-8"), port, upstream_port, folder), encoding="utf-8"
    )
    command = [debian("nginx"), "-c", str(configuration), "-p", str(folder)]
    return Program(command, folder / "nginx.log", {}, port)


def _with_ports(text: str, port: int) -> str:
    """Replace the ports: the TLS one, or else the first, becomes `port`; all others get unused ports."""
    listens = [listen for listen in _LISTEN.findall(text) if not listen.startswith("[")]
    main = next((listen for listen in listens if "ssl" in listen or "443" in listen), listens[0])

    def changed(found: re.Match[str]) -> str:
        listen = found.group(1)
        if listen.startswith("["):
            return ""
        default = " default_server" if "default_server" in listen else ""
        return f"listen {HOST}:{port if listen == main else free_port()}{default};"

    return _LISTEN.sub(changed, text)
