"""Add the facts as of a bill's issue, the inputs of a revision's calculation, and the tariff's proration."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

OPEN = sa.text("is_open")
BILL = (
    ("surcharge_paise", sa.BigInteger()),
    ("multiplying_factor_milli", sa.BigInteger()),
    ("load_w", sa.BigInteger()),
    ("category", sa.String(20)),
    ("meter_no", sa.String(30)),
    ("at_import_factor_milli", sa.BigInteger()),
    ("at_import_load_w", sa.BigInteger()),
    ("at_import_category", sa.String(20)),
    ("at_import_meter_no", sa.String(30)),
)
NEEDED = (
    ("multiplying_factor_milli", sa.BigInteger(), "1000"),
    ("recompute_reason", sa.String(20), ""),
    ("units_from", sa.String(10), "unchecked"),
    ("issued_previous_reading", sa.BigInteger(), "0"),
    ("issued_current_reading", sa.BigInteger(), "0"),
    ("issued_units", sa.BigInteger(), "0"),
    ("issued_basis", sa.String(4), ""),
)
OPTIONAL = ("surcharge_paise", "register_digits", "calculation")

# The text of the constraint as of this migration: a later change of the model must not change it.
REGISTER = " ".join(f"WHEN {digits} THEN {10**digits}" for digits in range(4, 11))
OVER_THE_END = (
    "CASE WHEN COALESCE(old_meter_reading, current_reading) < previous_reading "
    f"THEN CASE register_digits {REGISTER} ELSE 0 END ELSE 0 END"
)
STEPS = (
    f"(COALESCE(old_meter_reading, current_reading) - previous_reading + {OVER_THE_END} "
    "+ CASE WHEN old_meter_reading IS NULL THEN 0 ELSE current_reading - new_meter_initial END)"
)
AS_ISSUED = "previous_reading = issued_previous_reading AND current_reading = issued_current_reading"
FIGURES_AGREE = (
    "units_from = 'unchecked' OR "
    "(units_from = 'readings' AND basis IN ('MU', 'MIN', 'CEIL', 'CDF') "
    f"AND {STEPS} >= 0 AND units = (2 * {STEPS} * multiplying_factor_milli + 1000) / 2000) OR "
    "(units_from = 'average' AND basis IN ('ASS', 'NA', 'NR', 'PROV', 'IDF', 'RDF', 'ADF') "
    f"AND {AS_ISSUED}) OR "
    f"(units_from = 'issued' AND units = issued_units AND (basis = issued_basis OR basis = 'UM') AND {AS_ISSUED})"
)

ISSUED = (
    "UPDATE revised_bill SET multiplying_factor_milli = b.at_import_factor_milli, "
    "issued_previous_reading = b.previous_reading, issued_current_reading = b.current_reading, "
    "issued_units = b.units, issued_basis = b.bill_basis FROM bill AS b WHERE b.bill_no = revised_bill.bill_no"
)

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, fill in what is known of existing bills, and add the check constraints of the figures."""
    online_ddl.add_columns("bill", *(sa.Column(name, kind, nullable=True) for name, kind in BILL))
    online_ddl.add_columns("tariff_row", sa.Column("proration", sa.String(12), nullable=True))
    # For older bills only the connection's present facts are known. Where factor, load or category do not match the
    # bill's own units and charges, they are computed from these when needed.
    online_ddl.fill(
        "bill",
        "bill_no",
        "UPDATE bill SET at_import_factor_milli = c.multiplying_factor_milli, "
        "at_import_load_w = c.sanctioned_load_w, at_import_category = c.category, at_import_meter_no = c.meter_no "
        "FROM connection AS c WHERE c.account_no = bill.account_no AND bill.at_import_factor_milli IS NULL",
    )
    if online_ddl.is_sqlite():
        op.execute(
            "UPDATE bill SET load_w = r.load_w, category = r.category "
            "FROM revised_bill AS r WHERE r.revised_bill_no = bill.bill_no"
        )
        op.drop_index("uq_revised_bill_bill_no_open", table_name="revised_bill")
        with op.batch_alter_table("revised_bill") as table:
            for column in _columns():
                table.add_column(column)
        op.execute(ISSUED)
        with op.batch_alter_table("revised_bill") as table:
            for name, _, _ in NEEDED:
                table.alter_column(name, server_default=None)
            table.create_check_constraint(op.f("ck_revised_bill_figures_agree"), FIGURES_AGREE)
        _index_open_bills()
        return
    # In the order of the few revised bills, as most bills have none.
    online_ddl.fill(
        "revised_bill",
        "revision_id",
        "UPDATE bill SET load_w = revised_bill.load_w, category = revised_bill.category "
        "FROM revised_bill WHERE revised_bill.revised_bill_no = bill.bill_no",
    )
    online_ddl.add_columns("revised_bill", *_columns())
    online_ddl.fill("revised_bill", "revision_id", ISSUED)
    for name, _, _ in NEEDED:
        op.alter_column("revised_bill", name, server_default=None)
    online_ddl.add_constraint("revised_bill", "ck_revised_bill_figures_agree", f"CHECK ({FIGURES_AGREE})")


def _columns() -> list[sa.Column]:
    needed = [sa.Column(name, kind, nullable=False, server_default=before) for name, kind, before in NEEDED]
    return [
        *needed,
        sa.Column("surcharge_paise", sa.BigInteger(), nullable=True),
        sa.Column("register_digits", sa.Integer(), nullable=True),
        sa.Column("calculation", sa.JSON().with_variant(_jsonb(), "postgresql"), nullable=True),
    ]


def downgrade() -> None:
    """Drop them."""
    op.drop_index("uq_revised_bill_bill_no_open", table_name="revised_bill")
    with op.batch_alter_table("revised_bill") as table:
        table.drop_constraint(op.f("ck_revised_bill_figures_agree"), type_="check")
    with op.batch_alter_table("revised_bill") as table:
        for name in (*(name for name, _, _ in NEEDED), *OPTIONAL):
            table.drop_column(name)
    _index_open_bills()
    op.drop_column("tariff_row", "proration")
    for name, _ in BILL:
        op.drop_column("bill", name)


def _index_open_bills() -> None:
    op.create_index(
        "uq_revised_bill_bill_no_open",
        "revised_bill",
        ["bill_no"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _jsonb() -> sa.types.TypeEngine:
    from sqlalchemy.dialects.postgresql import JSONB

    return JSONB()
