"""Runs the migrations on the given connection, each in a transaction of its own."""

from alembic import context

import wss.models  # noqa: F401  the tables register themselves
from wss.db import Base

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=True,
    # SQLite too: the driver leaves transactions to us.
    transactional_ddl=True,
    on_version_apply=attributes["after_each"],
)
with context.begin_transaction():
    context.run_migrations()
