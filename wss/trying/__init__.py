"""For trying messages: gateways of the loopback that carry nothing, show everything, and misbehave when told to."""
