"""How long a sign-in lasts."""

from datetime import timedelta

# spec, journey 2: half an hour without a click, half a day in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# A page notes that the session is in use at most once a minute: SQLite has one writer.
TOUCH_EVERY = timedelta(minutes=1)
# An ended session lets nobody in, but tells for a while longer whose half-filled form has just come.
KEPT_AFTER_END = timedelta(hours=12)
