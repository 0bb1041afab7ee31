"""The lifetime of a session."""

from datetime import timedelta

# docs/specification.md#journey-2-login: half an hour without a click, half a day in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# An employee may leave a screen unattended in an office, and works a day at most.
STAFF_IDLE = timedelta(minutes=15)
STAFF_LONGEST = timedelta(hours=8)
# Before a critical action (approving, exporting, revealing) a code must have been given within this time.
STEP_UP_LIFE = timedelta(minutes=5)
# A page records that the session is in use at most once a minute: SQLite has one writer.
TOUCH_EVERY = timedelta(minutes=1)
# An ended session gives no access, but shows for a while longer whose half-filled form was sent.
RETAINED_AFTER_END = timedelta(hours=12)
