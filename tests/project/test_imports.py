"""Allowed imports between the layers, and calls that are allowed in one module only: the table of ARCHITECTURE.md."""

import ast
import sys
from collections.abc import Iterator

from tests.project.tree import Source, none_of, sample, sources

# From the most specific name to the most general: a module belongs to the first layer that fits.
LAYERS = (
    "domain",
    "models",
    "gateways.captcha_image",
    "gateways.captcha_audio",
    "gateways.pdf",
    "gateways.pdf_text",
    "gateways.workbooks",
    "gateways.qr_code",
    "gateways",
    "queries",
    "services",
    "web",
    "cli",
    "db",
    "engines",
    "prepared_statements",
    "database_connections",
    "disk_space",
    "schema",
    "upgrade_lock",
    "clock",
    "metrics",
    "config",
    "setting_addresses",
    "setting_fields",
    "sms_settings",
    "passwords",
    "vault",
    "demo",
    "serve",
    "start_checks",
    "file_permissions",
    "version",
    "logs",
)
SECRETS = {"passwords", "vault"}
# These render their arguments without input or output, so a page may call them itself.
DRAWING = {
    "gateways.captcha_image",
    "gateways.captcha_audio",
    "gateways.pdf",
    "gateways.pdf_text",
    "gateways.qr_code",
    "gateways.workbooks",
}

BELOW = {
    "domain": {"domain"},
    "models": {"models", "domain", "db"},
    "gateways": {"gateways", "domain", "config", "logs", "setting_addresses", *DRAWING},
    **{drawing: {"gateways", "domain", *DRAWING} for drawing in DRAWING},
    "queries": {"models", "domain", "db", "prepared_statements"},
    "services": {
        "services",
        "queries",
        "models",
        "domain",
        "db",
        "prepared_statements",
        "clock",
        "metrics",
        "logs",
        "gateways",
        *DRAWING,
        *SECRETS,
    },
    "web": {
        "web",
        "services",
        *DRAWING,
        "queries",
        "models",
        "domain",
        "db",
        "schema",
        "database_connections",
        "disk_space",
        "clock",
        "metrics",
        "logs",
        *SECRETS,
    },
    "cli": set(LAYERS) - {"web", "config"},
    "demo": {
        "demo",
        "services",
        "queries",
        "models",
        "domain",
        "db",
        "clock",
        "gateways",
        *SECRETS,
    },
    "logs": {"logs", "config"},
    "schema": {"db", "upgrade_lock"},
    "upgrade_lock": {"db"},
    "passwords": {"domain"},
    "vault": set[str](),
    "db": {"engines", "prepared_statements"},
    "engines": {"database_connections", "prepared_statements"},
    "prepared_statements": set[str](),
    "database_connections": set[str](),
    "disk_space": {"config"},
    "clock": {"domain"},
    "metrics": set[str](),
    "config": {"setting_addresses", "setting_fields", "sms_settings"},
    "setting_addresses": set[str](),
    "sms_settings": {"setting_fields"},
    "setting_fields": set[str](),
    "version": set[str](),
}
FLASK = {"flask", "flask_wtf", "flask_babel", "htmx_flask", "wtforms", "werkzeug"}
NEVER = {
    "models": FLASK,
    "gateways": FLASK | {"sqlalchemy"},
    **{drawing: FLASK | {"sqlalchemy"} for drawing in DRAWING},
    "queries": FLASK,
    "services": FLASK,
    "db": FLASK,
}


# Programs for development, which production does not install.
TEST_EQUIPMENT = {"devtools", "bench", "drill", "attack", "tests"}


def equipment_faults(source: Source) -> list[str]:
    """Return every import of test equipment."""
    found = [(node, target) for node, target in imports(source) if target.split(".")[0] in TEST_EQUIPMENT]
    return [source.fault(node, f"the product imports {target}") for node, target in found]


def layer_of(module: str) -> str:
    """Return the layer of one of the project's modules, or the module's own name if it is on the lowest layer."""
    name = module.removeprefix("wss").removeprefix(".")
    return next((layer for layer in LAYERS if f"{name}.".startswith(f"{layer}.")), name)


def imports(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every module that a file imports, fully named; imports for type checking count too."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, source.fault(node, "imports by full name only")
            yield node, node.module or ""
            if (node.module or "").split(".")[0] == "wss":
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def import_faults(source: Source) -> list[str]:
    """Return every import of a higher layer, of a private module, or of a package that the layer must not use."""
    layer = layer_of(source.module)
    if layer not in BELOW:
        return []
    faults = []
    for node, target in imports(source):
        top = target.split(".")[0]
        if top == "wss" and target != "wss":
            faults += (
                [source.fault(node, f"{layer} imports {target}")] if not _may(source, layer, target) else []
            )
        elif top in NEVER.get(layer, ()) or (layer == "domain" and top not in sys.stdlib_module_names):
            faults.append(source.fault(node, f"{layer} imports {target}"))
    return faults


def _may(source: Source, layer: str, target: str) -> bool:
    there = layer_of(target)
    if target in ("wss.queries", "wss.gateways") or (
        target.startswith("wss.services") and target.count(".") < 3
    ):
        return True  # `from wss.queries import offices`: the name that follows is checked by itself
    package, _, private = target.partition("._")
    if private:
        return source.module.startswith(f"{package}.")
    if there not in BELOW[layer]:
        return False
    if layer == "web":
        return _audience(source.module) in (_audience(target), "") or _audience(target) == ""
    return True


def _audience(module: str) -> str:
    """Return the package of one audience that a module belongs to; an empty text for shared modules."""
    parts = module.split(".")
    audiences = {
        "public",
        "auth",
        "consumer",
        "tracking",
        "helpdesk",
        "staff",
        "officer",
        "mis",
        "admin",
        "dev",
        "health",
    }
    return parts[2] if len(parts) > 2 and parts[1] == "web" and parts[2] in audiences else ""


CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
DOWNLOADS = "wss/web/downloads.py"
SQL_MAKERS = {"select", "update", "insert", "delete"}
SQL_RUNNERS = {"execute", "scalars", "scalar", "exec_driver_sql"}


def call_faults(source: Source) -> list[str]:
    """Return the calls and names that are allowed in one module only and are used elsewhere."""
    return [
        source.fault(node, what)
        for node in ast.walk(source.tree)
        for what in (
            _misplaced(source.path, *_called(node.func))
            if isinstance(node, ast.Call)
            else _misplaced_name(source.path, node)
        )
    ]


def _misplaced_name(place: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
        if place not in ("wss/config.py", "app.py"):
            yield "the environment is read by wss/config.py only"
    elif isinstance(node, ast.Constant) and str(node.value).startswith("HX-") and place != "wss/web/pages.py":
        yield f"{node.value} outside wss/web/pages.py"
    elif _names_a_file(node) and place != DOWNLOADS:
        yield f"a file is named outside {DOWNLOADS}"


def _names_a_file(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in ("as_attachment", "download_name")
    return isinstance(node, ast.Constant) and node.value == "Content-Disposition"


# Beyond the queries: what every connection begins with, how statements are run, and whether a server answers.
RUN_SQL = (
    "wss/queries/",
    "wss/db.py",
    "wss/schema.py",
    "wss/upgrade_lock.py",
    "wss/engines.py",
    "wss/prepared_statements.py",
    "wss/database_connections.py",
)


def _misplaced(place: str, owner: str | None, name: str) -> Iterator[str]:
    if name == "commit" and owner is not None and place != "wss/db.py":
        yield ".commit( outside wss/db.py"
    makes_sql = name in SQL_MAKERS and owner in (None, "sa")
    if (makes_sql or (name in SQL_RUNNERS and owner)) and not place.startswith(RUN_SQL):
        yield f"SQL ({name}) outside wss/queries"
    if (owner, name) in CLOCK_READERS and place != "wss/clock.py":
        yield f"{owner}.{name}( outside wss/clock.py"


def _called(function: ast.expr) -> tuple[str | None, str]:
    if isinstance(function, ast.Name):
        return None, function.id
    if isinstance(function, ast.Attribute):
        return getattr(function.value, "id", getattr(function.value, "attr", "…")), function.attr
    return None, ""


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that import each other in a cycle."""
    found, done = [], set[str]()

    def visit(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            found.append(" → ".join((*path[path.index(module) :], module)))
        elif module not in done:
            for target in sorted(graph.get(module, ())):
                visit(target, (*path, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())
    return found


def import_graph(ours: list[Source]) -> dict[str, set[str]]:
    """Return the project's modules that each module imports, without its own package."""
    names = {source.module for source in ours}
    graph = {}
    for source in ours:
        targets = {target for _node, target in imports(source) if target in names}
        graph[source.module] = {
            target for target in targets if not f"{source.module}.".startswith(f"{target}.")
        }
    return graph


def package_graph(ours: list[Source]) -> dict[str, set[str]]:
    """Return which packages of services each of them imports."""
    graph: dict[str, set[str]] = {}
    for source in ours:
        parts = source.module.split(".")
        if parts[:2] == ["wss", "services"] and len(parts) > 3:
            targets = {
                target.split(".")[2]
                for _node, target in imports(source)
                if target.count(".") > 2 and target.startswith("wss.services.")
            }
            graph.setdefault(parts[2], set()).update(targets - {parts[2]})
    return graph


def test_no_layer_imports_a_higher_or_parallel_layer():
    none_of([fault for source in sources("wss") for fault in import_faults(source)])


def test_calls_reserved_to_one_module_are_used_nowhere_else():
    none_of([fault for source in sources("wss") for fault in call_faults(source)])


def test_a_transaction_is_committed_in_one_place():
    calls = [
        source.path
        for source in sources("wss")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _called(node.func)[1] == "commit"
    ]

    assert calls == ["wss/db.py"]


def test_packages_of_services_form_a_graph_without_circles():
    graph = package_graph(sources("wss"))
    print(*(f"{package} → {', '.join(sorted(graph[package])) or '-'}" for package in sorted(graph)), sep="\n")

    assert len(graph) > 10
    none_of(circles(graph))


def test_the_product_imports_no_test_equipment():
    product = sources("wss", "migrations", "app.py", "gunicorn.conf.py")

    assert len(product) > 300
    none_of([fault for source in product for fault in equipment_faults(source)])


def test_an_import_of_test_equipment_is_seen():
    line = "def serve():\n    from devtools.fake_gateway import server"

    assert equipment_faults(sample(line, "wss/serve.py"))


def test_no_modules_import_each_other_in_a_circle():
    none_of(circles(import_graph(sources("wss"))))


def test_the_rules_of_imports_can_be_broken():
    broken = {
        "wss/domain/x.py": [
            "import sqlalchemy",
            "from wss.models.bill import Bill",
            "from wss.clock import now",
        ],
        "wss/models/x.py": ["import flask", "from wss.queries.bills import bill"],
        "wss/gateways/x.py": ["from wss import db", "import sqlalchemy.orm"],
        "wss/queries/x.py": ["from wss.queries.bills import bill", "from wss.services.requests import pool"],
        "wss/services/calls/x.py": [
            "from flask import request",
            "from wss.services.requests._clock import clock_after",
            "from wss.services.requests import _clock",
            "import wss.web",
        ],
        "wss/web/public/x.py": ["from wss.web.auth.forms import LoginForm", "from wss.config import Config"],
    }

    for path, lines in broken.items():
        for line in lines:
            assert import_faults(sample(line, path)), f"{path} may say: {line}"


def test_what_the_table_allows_is_allowed():
    assert (
        import_faults(
            sample("from wss.queries.bills import bill\nfrom wss.db import transaction", "wss/services/x.py")
        )
        == []
    )
    assert import_faults(sample("from wss.web.pages import render", "wss/web/public/views.py")) == []


def test_the_rules_of_single_places_can_be_broken():
    for line in (
        "session.commit()",
        "select(Bill)",
        "sa.update(Bill)",
        "session.execute(x)",
        "datetime.now(UTC)",
        "date.today()",
        "os.environ['X']",
        "os.getenv('X')",
        "response.headers['HX-Trigger'] = 'x'",
        "response.headers['Content-Disposition'] = 'x'",
        "send_file(x, as_attachment=True)",
    ):
        assert call_faults(sample(line, "wss/services/x.py")), f"nobody minds: {line}"


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a → b → c → a"]
