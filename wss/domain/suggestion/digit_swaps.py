"""Readings that a meter reader may have meant: two digits exchanged, one digit at another place, or a wrong digit."""


def swaps_of(reading: int) -> set[int]:
    """Return the readings of which this one is a slip of order; the reading itself is none of them."""
    digits = str(reading)
    places = range(len(digits))
    return {
        int(other)
        for one in places
        for to in places
        for other in (_moved(digits, one, to), _exchanged(digits, one, to))
    } - {reading}


def changed_digits_of(reading: int) -> set[int]:
    """Return the readings that differ from this one in one digit."""
    digits = str(reading)
    others = {
        int(digits[:place] + str(digit) + digits[place + 1 :])
        for place in range(len(digits))
        for digit in range(10)
    }
    return others - {reading}


def _moved(digits: str, one: int, to: int) -> str:
    rest = digits[:one] + digits[one + 1 :]
    return rest[:to] + digits[one] + rest[to:]


def _exchanged(digits: str, one: int, to: int) -> str:
    changed = list(digits)
    changed[one], changed[to] = changed[to], changed[one]
    return "".join(changed)
