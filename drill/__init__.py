"""Drills: what an operator has to rely on, tried at full size on this machine. `python -m drill` lists them."""
