"""Amounts in words, in lakh and crore, in English and Hindi: a misread digit is noticed."""

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
# Hindi has a separate word for every number below a hundred.
_BELOW_A_HUNDRED = (
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस"
    " बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस"
    " तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस"
    " चालीस इकतालीस बयालीस तैंतालीस चवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास"
    " पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ"
    " साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर"
    " सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी"
    " अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी"
    " नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे"
)
_ENGLISH, _TENS, _HINDI = (words.split() for words in (_BELOW_TWENTY, _FROM_TWENTY, _BELOW_A_HUNDRED))

_STEPS = (
    (10_000_000, "crore", "करोड़"),
    (100_000, "lakh", "लाख"),
    (1_000, "thousand", "हज़ार"),
    (100, "hundred", "सौ"),
)


def number_in_words(number: int, language: str) -> str:
    """Return a whole number from zero up in words: "four thousand forty-six", "चार हज़ार छियालीस"."""
    if number < 0:
        raise ValueError("only from zero up")
    words = []
    for size, english, hindi in _STEPS:
        count, number = divmod(number, size)
        if count:
            words += [number_in_words(count, language), hindi if language == "hi" else english]
    if number or not words:
        words.append(_HINDI[number] if language == "hi" else _below_a_hundred(number))
    return " ".join(words)


def rupees_in_words(paise: int, language: str) -> str:
    """Return an amount in words, without its sign.

    "Rs four thousand forty-six and seventy paise", "चार हज़ार छियालीस रुपये सत्तर पैसे".
    """
    rupees, rest = divmod(abs(paise), 100)
    whole = number_in_words(rupees, language)
    if language == "hi":
        unit = "रुपया" if rupees == 1 else "रुपये"
        return f"{whole} {unit}" + (f" {number_in_words(rest, language)} पैसे" if rest else "")
    return f"Rs {whole}" + (f" and {number_in_words(rest, language)} paise" if rest else "")


def _below_a_hundred(number: int) -> str:
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ENGLISH[ones]}" if ones else "")


def grouped_rupees(paise: int) -> str:
    """Return an amount of whole paise, not below zero, in Indian groups: 12,34,567.50."""
    whole, rest = divmod(paise, 100)
    head, tail = str(whole)[:-3], str(whole)[-3:]
    groups: list[str] = []
    while head:
        head, group = head[:-2], head[-2:]
        groups.insert(0, group)
    return f"{','.join([*groups, tail])}.{rest:02d}"
