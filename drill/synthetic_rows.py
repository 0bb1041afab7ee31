"""Synthetic rows for large tables, made by PostgreSQL itself in whatever columns a table has at the time."""

from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

ACCOUNTS = "lpad((i % {accounts})::text, 10, '0')"
# What a column holds where its type alone does not say it; `i` is the number of the row.
_VALUES = {
    "audit_entry": {"subject": "'request:' || i % 1000000", "details": """'{"field": "mobile"}'"""},
    "message": {
        "id": "md5('message' || i)::uuid::text",
        "state": "CASE WHEN i % 1000 = 0 THEN 'waiting' ELSE 'delivered' END",
        "channel": "'sms'",
        "text_sealed": "repeat(md5(i::text), 6)",
        "recipient": "'9' || lpad((i % 1000000000)::text, 9, '0')",
    },
    "connection": {"account_no": ACCOUNTS, "subdivision_code": "'OFFICE'"},
    "bill": {"bill_no": "left(md5('bill' || i), 20)", "account_no": ACCOUNTS, "units": "i % 500"},
    "service_request": {
        "complaint_no": "lpad(i::text, 11, '0')",
        "account_no": ACCOUNTS,
        "status": "CASE WHEN i % 20 = 0 THEN 'in_review' ELSE 'closed' END",
        "office_code": "'OFFICE'",
        "holder_office_code": "'OFFICE'",
    },
    "event": {
        "service_request_id": "1 + i % {requests}",
        "number": "i",
        "action": "'register'",
        "status": "'registered'",
    },
    "office": {"code": "'OFFICE'", "path": "'OFFICE'"},
}
_BY_TYPE = {
    "bigint": "i % 1000",
    "integer": "i % 1000",
    "boolean": "false",
    "date": "DATE '2026-01-01' + (i % 300)::int",
    "timestamp with time zone": "now() - (i % 30000000) * interval '1 second'",
    "jsonb": "'{}'",
    "text": "'v' || i",
}
_REQUIRED = """
SELECT column_name, data_type, character_maximum_length FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
"""


class RowMaker:
    """Makes rows; references point at `accounts` connections and `requests` requests."""

    def __init__(self, accounts: int, requests: int) -> None:
        self.sizes = {"accounts": accounts, "requests": requests}

    def insert(self, connection: Connection, table: str) -> str:
        """Return an INSERT of the rows from %(first)s to %(last)s with the columns that the table requires now."""
        columns = connection.execute(_REQUIRED, [table]).fetchall()
        values = [self._value(table, *column) for column in columns]
        names = ", ".join(name for name, *_ in columns)
        rows = "generate_series(%(first)s::bigint, %(last)s::bigint)"
        return f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM {rows} AS g(i)'

    def _value(self, table: str, name: str, kind: str, length: int | None) -> str:
        known = _VALUES.get(table, {}).get(name)
        if known is not None:
            # Not str.format: JSON has braces of its own.
            for size, number in self.sizes.items():
                known = known.replace(f"{{{size}}}", str(number))
            value = known
        elif kind == "character varying":
            value = f"left(md5('{name}' || i), {min(length or 40, 20)})"
        else:
            value = _BY_TYPE[kind]
        return value.replace("%", "%%")


def fill(connection: Connection, maker: RowMaker, table: str, rows: int) -> None:
    """Fill a table with rows, without the checks of references that would take most of the time."""
    connection.execute("SET session_replication_role = replica")
    step = 250_000
    statement = maker.insert(connection, table)
    for first in range(1, rows + 1, step):
        connection.execute(statement, {"first": first, "last": min(first + step - 1, rows)})
    connection.execute("SET session_replication_role = origin")
    connection.execute(f'VACUUM ANALYZE "{table}"')
