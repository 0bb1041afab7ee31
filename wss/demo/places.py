"""Cities of Uttar Pradesh with their PIN codes, and names of people and places that fit them; everyone is made up."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Town:
    """A city: its name in both scripts, its first PIN code, and how many follow it."""

    name: str
    name_hi: str
    pincode: int
    pincodes: int = 1


_LUCKNOW = Town("Lucknow", "लखनऊ", 226001, 28)
_KANPUR = Town("Kanpur", "कानपुर", 208001, 27)
_BAREILLY = Town("Bareilly", "बरेली", 243001, 6)
_GHAZIABAD = Town("Ghaziabad", "ग़ाज़ियाबाद", 201001, 17)
_MEERUT = Town("Meerut", "मेरठ", 250001, 5)
_GORAKHPUR = Town("Gorakhpur", "गोरखपुर", 273001, 17)
_PRAYAGRAJ = Town("Prayagraj", "प्रयागराज", 211001, 19)
_VARANASI = Town("Varanasi", "वाराणसी", 221001, 11)
# The city of each zone of wss/demo/offices.csv.
_TOWNS = {
    "DVVNL-Z01": Town("Agra", "आगरा", 282001, 10),
    "DVVNL-Z02": Town("Aligarh", "अलीगढ़", 202001, 2),
    "DVVNL-Z03": Town("Banda", "बाँदा", 210001),
    "DVVNL-Z04": Town("Etah", "एटा", 207001),
    "DVVNL-Z05": Town("Firozabad", "फ़िरोज़ाबाद", 283203),
    "DVVNL-Z06": Town("Jhansi", "झाँसी", 284001, 3),
    "DVVNL-Z07": _KANPUR,
    "DVVNL-Z08": _KANPUR,
    "DVVNL-Z09": Town("Mathura", "मथुरा", 281001, 6),
    "MVVNL-Z01": Town("Ayodhya", "अयोध्या", 224001),
    "MVVNL-Z02": _BAREILLY,
    "MVVNL-Z03": _BAREILLY,
    "MVVNL-Z04": Town("Gonda", "गोंडा", 271001, 3),
    **dict.fromkeys((f"MVVNL-Z0{number}" for number in range(5, 9)), _LUCKNOW),
    "MVVNL-Z09": Town("Raebareli", "रायबरेली", 229001),
    "MVVNL-Z10": Town("Sitapur", "सीतापुर", 261001),
    "PVVNL-Z01": Town("Bulandshahr", "बुलंदशहर", 203001),
    "PVVNL-Z02": Town("Gajraula", "गजरौला", 244235),
    **dict.fromkeys((f"PVVNL-Z0{number}" for number in range(3, 6)), _GHAZIABAD),
    "PVVNL-Z06": _MEERUT,
    "PVVNL-Z07": _MEERUT,
    "PVVNL-Z08": Town("Moradabad", "मुरादाबाद", 244001),
    "PVVNL-Z09": Town("Muzaffarnagar", "मुज़फ़्फ़रनगर", 251001, 3),
    "PVVNL-Z10": Town("Noida", "नोएडा", 201301, 10),
    "PVVNL-Z11": Town("Saharanpur", "सहारनपुर", 247001, 2),
    "PUVVNL-Z01": Town("Azamgarh", "आज़मगढ़", 276001),
    "PUVVNL-Z02": Town("Basti", "बस्ती", 272001, 2),
    "PUVVNL-Z03": _GORAKHPUR,
    "PUVVNL-Z04": _GORAKHPUR,
    "PUVVNL-Z05": Town("Mirzapur", "मिर्ज़ापुर", 231001),
    "PUVVNL-Z06": _PRAYAGRAJ,
    "PUVVNL-Z07": _PRAYAGRAJ,
    "PUVVNL-Z08": _VARANASI,
    "PUVVNL-Z09": _VARANASI,
    "KESCO-Z01": _KANPUR,
}
# First names with the last names that go with them, each in both scripts.
_NAMES = (
    (
        (
            ("Anita", "अनीता"),
            ("Suresh", "सुरेश"),
            ("Rajesh", "राजेश"),
            ("Kiran", "किरण"),
            ("Meena", "मीना"),
            ("Vijay", "विजय"),
            ("Sunita", "सुनीता"),
            ("Usha", "उषा"),
            ("Ram Prasad", "राम प्रसाद"),
            ("Shakuntala", "शकुन्तला"),
            ("Brijesh", "बृजेश"),
            ("Poonam", "पूनम"),
            ("Dinesh", "दिनेश"),
            ("Kusum", "कुसुम"),
        ),
        (
            ("Verma", "वर्मा"),
            ("Yadav", "यादव"),
            ("Sharma", "शर्मा"),
            ("Mishra", "मिश्रा"),
            ("Singh", "सिंह"),
            ("Gupta", "गुप्ता"),
            ("Pal", "पाल"),
            ("Tiwari", "तिवारी"),
            ("Maurya", "मौर्य"),
            ("Rajput", "राजपूत"),
            ("Kushwaha", "कुशवाहा"),
            ("Gautam", "गौतम"),
        ),
    ),
    (
        (
            ("Abdul", "अब्दुल"),
            ("Irfan", "इरफ़ान"),
            ("Shabana", "शबाना"),
            ("Naseem", "नसीम"),
            ("Rukhsar", "रुख़सार"),
        ),
        (("Khan", "ख़ान"), ("Ansari", "अंसारी"), ("Siddiqui", "सिद्दीक़ी"), ("Qureshi", "क़ुरैशी")),
    ),
)
_WEIGHTS = (80, 20)
_COLONIES = (
    ("Kidwai Nagar", "किदवई नगर"),
    ("Gandhi Nagar", "गांधी नगर"),
    ("Shastri Nagar", "शास्त्री नगर"),
    ("Rajendra Nagar", "राजेन्द्र नगर"),
    ("Awas Vikas Colony", "आवास विकास कॉलोनी"),
    ("Station Road", "स्टेशन रोड"),
    ("Sadar Bazar", "सदर बाज़ार"),
    ("Mohalla Naya Ganj", "मोहल्ला नया गंज"),
)
_VILLAGES = (
    ("Devipur", "देवीपुर"),
    ("Amarpur", "अमरपुर"),
    ("Rampur Khas", "रामपुर ख़ास"),
    ("Naya Gaon", "नया गाँव"),
    ("Shivpur", "शिवपुर"),
    ("Nagla Dayal", "नगला दयाल"),
    ("Kheria", "खेरिया"),
    ("Bhagwanpur", "भगवानपुर"),
)


def town_of(subdivision_code: str) -> Town:
    """Return the city of a sub-division; of one that is not of the demo, Lucknow."""
    return _TOWNS.get("-".join(subdivision_code.split("-")[:2]), _LUCKNOW)


def name_and_address(chance: Random, network: str, subdivision_code: str) -> tuple[str, str, str]:
    """Return a name, an address in the sub-division's city or near it, and its PIN code."""
    town, script = town_of(subdivision_code), int(chance.random() < 0.5)
    first, last = (chance.choice(part)[script] for part in chance.choices(_NAMES, _WEIGHTS)[0])
    near = (town.name, town.name_hi)[script]
    if network == "urban":
        where = f"{chance.randrange(1, 400)}, {chance.choice(_COLONIES)[script]}, {near}"
    else:
        where = f"{('Gram', 'ग्राम')[script]} {chance.choice(_VILLAGES)[script]}, {('Post', 'पोस्ट')[script]} {near}"
    return f"{first} {last}", where, str(town.pincode + chance.randrange(town.pincodes))
