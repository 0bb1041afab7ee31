"""Create the first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.String(length=20), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_subject_id", ["subject", "id"], unique=False)

    op.create_table(
        "captcha",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=1), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captcha")),
    )
    with op.batch_alter_table("captcha", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_captcha_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "consumer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_name", sa.String(length=30), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("mobile", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sms_alerts", sa.Boolean(), nullable=False),
        sa.Column("email_alerts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumer")),
        sa.UniqueConstraint("user_name", name=op.f("uq_consumer_user_name")),
    )
    with op.batch_alter_table("consumer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consumer_mobile"), ["mobile"], unique=False)

    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "escalation_step",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("office_level", sa.String(length=12), nullable=False),
        sa.Column("working_hours", sa.Integer(), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("kind", "level", name=op.f("pk_escalation_step")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_hi", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "kind",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("type_hi", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_hi", sa.String(length=80), nullable=False),
        sa.Column("networks", sa.String(length=20), nullable=False),
        sa.Column("fields", sa.String(length=300), nullable=False),
        sa.Column("reasons", sa.String(length=600), nullable=False),
        sa.Column("target_days", sa.Integer(), nullable=False),
        sa.Column("route_role", sa.String(length=24), nullable=False),
        sa.Column("route_level", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kind")),
    )
    op.create_table(
        "limit_count",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_count")),
    )
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_limit_count_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "link_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link_token")),
    )
    with op.batch_alter_table("link_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_token_subject"), ["subject"], unique=False)

    op.create_table(
        "office",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent_code", sa.String(length=40), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_hi", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["office.code"], name=op.f("fk_office_parent_code_office")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_office")),
    )
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_path"), ["path"], unique=False)

    op.create_table(
        "otp",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference_no", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("mobile", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_otp")),
    )
    with op.batch_alter_table("otp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_otp_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_otp_reference_no"), ["reference_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_otp_subject"), ["subject"], unique=False)

    op.create_table(
        "reason",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_hi", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reason")),
    )
    op.create_table(
        "reference_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_version")),
    )
    op.create_table(
        "tariff_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("component", sa.String(length=8), nullable=False),
        sa.Column("slab_from", sa.Integer(), nullable=True),
        sa.Column("slab_to", sa.Integer(), nullable=True),
        sa.Column("rate_paise", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_row")),
    )
    with op.batch_alter_table("tariff_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tariff_row_category"), ["category"], unique=False)

    op.create_table(
        "connection",
        sa.Column("account_no", sa.String(length=12), nullable=False),
        sa.Column("network", sa.String(length=5), nullable=False),
        sa.Column("subdivision_code", sa.String(length=40), nullable=False),
        sa.Column("consumer_name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("pincode", sa.String(length=6), nullable=False),
        sa.Column("mobile_on_record", sa.String(length=10), nullable=True),
        sa.Column("email_on_record", sa.String(length=200), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sanctioned_load_w", sa.BigInteger(), nullable=False),
        sa.Column("billing_unit", sa.String(length=4), nullable=False),
        sa.Column("meter_no", sa.String(length=30), nullable=False),
        sa.Column("multiplying_factor_milli", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("connected_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subdivision_code"],
            ["office.code"],
            name=op.f("fk_connection_subdivision_code_office"),
        ),
        sa.PrimaryKeyConstraint("account_no", name=op.f("pk_connection")),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_connection_mobile_on_record"),
            ["mobile_on_record"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_connection_subdivision_code"),
            ["subdivision_code"],
            unique=False,
        )

    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("consumer_id", KEY, nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_consent_consumer_id_consumer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_consumer_id"), ["consumer_id"], unique=False)

    op.create_table(
        "forum",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("max_amount_paise", sa.BigInteger(), nullable=True),
        sa.Column("constituted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_forum_office_code_office")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_forum")),
    )
    op.create_table(
        "staff",
        sa.Column("employee_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=False),
        sa.Column("mobile", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_staff_office_code_office")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_office_code"), ["office_code"], unique=False)

    op.create_table(
        "bill",
        sa.Column("bill_no", sa.String(length=20), nullable=False),
        sa.Column("sbm_bill_no", sa.String(length=20), nullable=True),
        sa.Column("account_no", sa.String(length=12), nullable=False),
        sa.Column("bill_month", sa.String(length=7), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("previous_reading", sa.BigInteger(), nullable=False),
        sa.Column("current_reading", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("bill_basis", sa.String(length=4), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("fixed_charge_paise", sa.BigInteger(), nullable=False),
        sa.Column("energy_charge_paise", sa.BigInteger(), nullable=False),
        sa.Column("electricity_duty_paise", sa.BigInteger(), nullable=False),
        sa.Column("other_charge_paise", sa.BigInteger(), nullable=False),
        sa.Column("arrears_paise", sa.BigInteger(), nullable=False),
        sa.Column("amount_paise", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount_paise", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_no"],
            ["connection.account_no"],
            name=op.f("fk_bill_account_no_connection"),
        ),
        sa.PrimaryKeyConstraint("bill_no", name=op.f("pk_bill")),
        sa.UniqueConstraint("sbm_bill_no", name=op.f("uq_bill_sbm_bill_no")),
    )
    with op.batch_alter_table("bill", schema=None) as batch_op:
        batch_op.create_index("ix_bill_account_no_bill_month", ["account_no", "bill_month"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("form_token", sa.String(length=43), nullable=False),
        sa.Column("consumer_id", KEY, nullable=False),
        sa.Column("account_no", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_no"],
            ["connection.account_no"],
            name=op.f("fk_draft_account_no_connection"),
        ),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_draft_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("form_token", name=op.f("uq_draft_form_token")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(
            "ix_draft_consumer_id_account_no",
            ["consumer_id", "account_no"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_draft_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "ownership",
        sa.Column("id", KEY, nullable=False),
        sa.Column("consumer_id", KEY, nullable=False),
        sa.Column("account_no", sa.String(length=12), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_no"],
            ["connection.account_no"],
            name=op.f("fk_ownership_account_no_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_ownership_consumer_id_consumer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership")),
    )
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ownership_account_no"), ["account_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_ownership_consumer_id"), ["consumer_id"], unique=False)
        batch_op.create_index(
            "uq_ownership_account_no_current",
            ["account_no"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "registration",
        sa.Column("id", KEY, nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("account_no", sa.String(length=12), nullable=True),
        sa.Column("typed_account_no", sa.String(length=12), nullable=False),
        sa.Column("typed_bill_no", sa.String(length=20), nullable=False),
        sa.Column("both_given", sa.Boolean(), nullable=False),
        sa.Column("mobile", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("user_name", sa.String(length=30), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("sms_alerts", sa.Boolean(), nullable=False),
        sa.Column("email_alerts", sa.Boolean(), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=True),
        sa.Column("privacy_version", sa.String(length=20), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"],
            ["connection.account_no"],
            name=op.f("fk_registration_account_no_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_registration_session_hash")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "service_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("complaint_no", sa.String(length=11), nullable=False),
        sa.Column("form_token", sa.String(length=43), nullable=False),
        sa.Column("account_no", sa.String(length=12), nullable=False),
        sa.Column("consumer_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("resolution", sa.String(length=12), nullable=True),
        sa.Column("closing", sa.String(length=12), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=False),
        sa.Column("holder_office_code", sa.String(length=40), nullable=False),
        sa.Column("holder_role", sa.String(length=24), nullable=False),
        sa.Column("assignee_id", sa.String(length=20), nullable=True),
        sa.Column("proposed_by", sa.String(length=20), nullable=True),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("reopened_times", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("news", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"],
            ["connection.account_no"],
            name=op.f("fk_service_request_account_no_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["staff.employee_id"],
            name=op.f("fk_service_request_assignee_id_staff"),
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_service_request_consumer_id_consumer"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_office_code"],
            ["office.code"],
            name=op.f("fk_service_request_holder_office_code_office"),
        ),
        sa.ForeignKeyConstraint(["kind"], ["kind.code"], name=op.f("fk_service_request_kind_kind")),
        sa.ForeignKeyConstraint(
            ["office_code"],
            ["office.code"],
            name=op.f("fk_service_request_office_code_office"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["staff.employee_id"],
            name=op.f("fk_service_request_proposed_by_staff"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("complaint_no", name=op.f("uq_service_request_complaint_no")),
        sa.UniqueConstraint("form_token", name=op.f("uq_service_request_form_token")),
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index("ix_service_request_account_no_id", ["account_no", "id"], unique=False)
        batch_op.create_index("ix_service_request_consumer_id_id", ["consumer_id", "id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("consumer_id", KEY, nullable=True),
        sa.Column("employee_id", sa.String(length=20), nullable=True),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_session_consumer_id_consumer"),
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["staff.employee_id"],
            name=op.f("fk_session_employee_id_staff"),
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_consumer_id"), ["consumer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "disputed_bill",
        sa.Column("service_request_id", KEY, nullable=False),
        sa.Column("bill_no", sa.String(length=20), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bill_no"], ["bill.bill_no"], name=op.f("fk_disputed_bill_bill_no_bill")),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name=op.f("fk_disputed_bill_service_request_id_service_request"),
        ),
        sa.PrimaryKeyConstraint("service_request_id", "bill_no", name=op.f("pk_disputed_bill")),
    )
    with op.batch_alter_table("disputed_bill", schema=None) as batch_op:
        batch_op.create_index(
            "uq_disputed_bill_bill_no_open",
            ["bill_no"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consumer_id", KEY, nullable=True),
        sa.Column("draft_id", KEY, nullable=True),
        sa.Column("service_request_id", KEY, nullable=True),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("scan", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_document_consumer_id_consumer"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_document_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name=op.f("fk_document_service_request_id_service_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_consumer_id"), ["consumer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_service_request_id"),
            ["service_request_id"],
            unique=False,
        )

    op.create_table(
        "event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("service_request_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=True),
        sa.Column("employee_id", sa.String(length=20), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["staff.employee_id"],
            name=op.f("fk_event_employee_id_staff"),
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_event_office_code_office")),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name=op.f("fk_event_service_request_id_service_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "service_request_id",
            "number",
            name=op.f("uq_event_service_request_id_number"),
        ),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("service_request_id", KEY, nullable=True),
        sa.Column("event_number", sa.Integer(), nullable=True),
        sa.Column("consumer_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["consumer.id"],
            name=op.f("fk_message_consumer_id_consumer"),
        ),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name=op.f("fk_message_service_request_id_service_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_due",
            ["urgency", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.create_index(
            batch_op.f("ix_message_service_request_id"),
            ["service_request_id"],
            unique=False,
        )


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_service_request_id"))
        batch_op.drop_index(
            "ix_message_due",
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )

    op.drop_table("message")
    op.drop_table("event")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_service_request_id"))
        batch_op.drop_index(batch_op.f("ix_document_draft_id"))
        batch_op.drop_index(batch_op.f("ix_document_consumer_id"))

    op.drop_table("document")
    with op.batch_alter_table("disputed_bill", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disputed_bill_bill_no_open",
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.drop_table("disputed_bill")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_session_employee_id"))
        batch_op.drop_index(batch_op.f("ix_session_consumer_id"))

    op.drop_table("session")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index("ix_service_request_consumer_id_id")
        batch_op.drop_index("ix_service_request_account_no_id")

    op.drop_table("service_request")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_expires_at"))

    op.drop_table("registration")
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ownership_account_no_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_ownership_consumer_id"))
        batch_op.drop_index(batch_op.f("ix_ownership_account_no"))

    op.drop_table("ownership")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_expires_at"))
        batch_op.drop_index("ix_draft_consumer_id_account_no")

    op.drop_table("draft")
    with op.batch_alter_table("bill", schema=None) as batch_op:
        batch_op.drop_index("ix_bill_account_no_bill_month")

    op.drop_table("bill")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_office_code"))

    op.drop_table("staff")
    op.drop_table("forum")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_consumer_id"))

    op.drop_table("consent")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_subdivision_code"))
        batch_op.drop_index(batch_op.f("ix_connection_mobile_on_record"))

    op.drop_table("connection")
    with op.batch_alter_table("tariff_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tariff_row_category"))

    op.drop_table("tariff_row")
    op.drop_table("reference_version")
    op.drop_table("reason")
    with op.batch_alter_table("otp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_otp_subject"))
        batch_op.drop_index(batch_op.f("ix_otp_reference_no"))
        batch_op.drop_index(batch_op.f("ix_otp_expires_at"))

    op.drop_table("otp")
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_path"))

    op.drop_table("office")
    with op.batch_alter_table("link_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_token_subject"))
        batch_op.drop_index(batch_op.f("ix_link_token_expires_at"))

    op.drop_table("link_token")
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_limit_count_ends_at"))

    op.drop_table("limit_count")
    op.drop_table("kind")
    op.drop_table("holiday")
    op.drop_table("escalation_step")
    op.drop_table("counter")
    with op.batch_alter_table("consumer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consumer_mobile"))

    op.drop_table("consumer")
    with op.batch_alter_table("captcha", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_captcha_expires_at"))

    op.drop_table("captcha")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject_id")

    op.drop_table("audit_entry")
