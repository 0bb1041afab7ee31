"""How long a sign-in lasts."""

from datetime import timedelta

# docs/specification.md#journey-2-login: half an hour without a click, half a day in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# An employee leaves the screen of an office unattended, and works a day at most.
STAFF_IDLE = timedelta(minutes=15)
STAFF_LONGEST = timedelta(hours=8)
# Before something weighty (approving, exporting, revealing) a code must have been given so lately.
STEPPED_UP_FOR = timedelta(minutes=5)
# A page notes that the session is in use at most once a minute: SQLite has one writer.
TOUCH_EVERY = timedelta(minutes=1)
# An ended session lets nobody in, but tells for a while longer whose half-filled form has just come.
KEPT_AFTER_END = timedelta(hours=12)
