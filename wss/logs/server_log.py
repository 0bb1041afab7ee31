"""gunicorn's log in the format of the site, without addresses, which contain the tokens of links."""

import logging
from typing import Any

from gunicorn import glogging

from wss.logs.log_lines import formatter


class AddressFilter(logging.Filter):
    """A filter that removes addresses from the log of gunicorn: they contain the tokens of links."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the kind of error; a client that stopped sending is not logged."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, (BlockingIOError, TimeoutError)):
            return False
        if str(record.msg).startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
        elif str(record.msg).startswith("Invalid request"):
            record.msg, record.args = "Invalid request", ()
        return True


class ServerLog(glogging.Logger):
    """gunicorn's loggers with the formatter of the site. An access log, if one is switched on, has no addresses."""

    def setup(self, cfg: Any) -> None:
        """Set up the loggers, also after a reload of the settings."""
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.setFormatter(formatter())
        if not any(isinstance(each, AddressFilter) for each in self.error_log.filters):
            self.error_log.addFilter(AddressFilter())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return the values of an access log: of the address only its first part, and nothing that a client says."""
        found = super().atoms(resp, req, environ, request_time)
        kept = {name: value for name, value in found.items() if not name.startswith("{")}
        path = "/" + str(found["U"] or "").lstrip("/").partition("/")[0]
        first = path if str(found["U"]).count("/") < 2 else f"{path}/..."
        return kept | {"U": first, "r": f"{found['m']} {first} {found['H']}", "q": "", "f": "-", "a": "-"}
