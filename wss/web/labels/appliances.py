"""The usual appliances of the calculator, with names and typical watts; appliances.csv notes the source of each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UsualAppliance:
    """An appliance of the list: its typical watts, and its name in both languages."""

    code: str
    watts: int
    name: str
    name_hi: str


def _read() -> dict[str, UsualAppliance]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: UsualAppliance(row["code"], int(row["watts"]), row["name"], row["name_hi"])
            for row in csv.DictReader(file)
        }


APPLIANCES = _read()
