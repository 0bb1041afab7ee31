"""Gives django-helpdesk its tables, a queue, and tickets with eight public replies each; prints their addresses."""

import json
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Fill an empty database with so many tickets."""
    django.setup()
    call_command("migrate", verbosity=0)
    from helpdesk.models import FollowUp, Queue, Ticket

    queue = Queue.objects.create(title="Bills", slug="bills", allow_public_submission=True)
    addresses = []
    for number in range(int(sys.argv[1])):
        ticket = Ticket.objects.create(
            queue=queue,
            title="Bill correction, May 2026",
            submitter_email=f"consumer{number}@example.org",
            description="मीटर की रीडिंग बिल में लिखी रीडिंग से कम है।",
            status=Ticket.RESOLVED_STATUS,
            resolution="रीडिंग 1,250 मानकर बिल फिर से बनाया गया।",
        )
        for event in range(8):
            FollowUp.objects.create(
                ticket=ticket,
                title=f"Step {event + 1}",
                comment="कृपया मीटर की साफ़ फ़ोटो भेजें, जिसमें मीटर संख्या दिखे।",
                public=True,
            )
        query = f"ticket=bills-{ticket.id}&email={ticket.submitter_email}&key={ticket.secret_key}"
        addresses.append(f"/view/?{query}")
    print(json.dumps({"queue": queue.id, "tickets": addresses}))


if __name__ == "__main__":
    main()
