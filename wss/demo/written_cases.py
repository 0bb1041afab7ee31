"""The twelve written cases of the demo: a person, a meter, a bill with one fault, and what each side wrote about it.

Texts may name true values of the case: {reading} (the meter on the day of the complaint), {billed}, {true} (the bill's
closing reading as issued, and as it should be), {units}, {true_units}, {month}, {meter}, {old_meter}, {old_last} and
{new_end} (the last reading of a replaced meter, and the new one's at the end of the bill).
"""

from wss.demo.case_facts import CaseMeter, CasePerson, CaseStep, WrittenCase
from wss.demo.scenarios import ScenarioRole
from wss.domain.lifecycle import CALLED, FREEZE, Action, Resolution

CONSUMER, HOLDER, MAKER, APPROVER = (
    ScenarioRole.CONSUMER,
    ScenarioRole.HOLDER,
    ScenarioRole.MAKER,
    ScenarioRole.APPROVER,
)
REVISED, NOT_NEEDED, REFUSED = Resolution.REVISED, Resolution.NOT_NEEDED, Resolution.REFUSED
# The figures that an officer types into the first disputed bill; the others follow from the readings.
BY_READING = {"previous_reading": "{begin}", "current_reading": "{true}", "basis": "MU"}
TAKE_UP = CaseStep(Action.TAKE_UP, HOLDER, 1)

WRITTEN_CASES = (
    WrittenCase(
        "swapped",
        CasePerson("seema", "सीमा अग्रवाल", "14/203, ब्लॉक डी, कमला नगर, आगरा", "282005", "urban", 2),
        CaseMeter("UP20417365", at_end=4192, a_day=3.0, billed=4912),
        "wrong_reading",
        "मीटर में {reading} चल रहा है और बिल में {billed} छाप दिया। रीडर ने अंक उलटे लिख दिए हैं। मीटर की फ़ोटो लगा दी है, "
        "कृपया बिल ठीक करें।",
        (
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                1,
                "फ़ोटो में मीटर नंबर {meter} और रीडिंग {reading} साफ़ है। {month} के बिल में {true} की जगह {billed} चढ़ गया था। "
                "बिल {units} की जगह {true_units} यूनिट का कर दिया है।",
                REVISED,
                figures=BY_READING,
            ),
            CaseStep(Action.APPROVE, APPROVER, 1),
        ),
        quiet_days=2,
    ),
    WrittenCase(
        "provisional",
        CasePerson("ramswaroop", "रामस्वरूप यादव", "ग्राम बिचपुरी, पोस्ट बिचपुरी, आगरा", "283105", "rural", 2),
        CaseMeter("UP20418802", at_end=5640, a_day=3.1, provisional_units=(286, 286)),
        "reading_not_taken",
        "दो महीने से कोई रीडिंग लेने नहीं आया, फिर भी {units} यूनिट का बिल भेज दिया। हमारे यहाँ दो बल्ब और एक पंखा है, इतनी "
        "बिजली कभी नहीं लगती। मीटर में अभी {reading} है।",
        (
            TAKE_UP,
            CaseStep(
                Action.ASK, HOLDER, 1, "फ़ोटो धुँधली है। मीटर की साफ़ फ़ोटो भेजें, जिसमें रीडिंग और मीटर नंबर दोनों दिखें।"
            ),
            CaseStep(Action.ANSWER, CONSUMER, 1, "बेटे के फ़ोन से दोबारा फ़ोटो खींचकर भेजी है।", has_photo=True),
            CaseStep(
                Action.PROPOSE,
                MAKER,
                2,
                "अनुमानित (PROV) बिल हटाकर उपभोक्ता की रीडिंग {reading} से दोनों महीनों का बिल बना दिया है।",
                REVISED,
                figures=BY_READING,
            ),
            CaseStep(Action.APPROVE, APPROVER, 1),
            CaseStep(Action.CONFIRM, CONSUMER, 1),
            CaseStep(Action.RATE, CONSUMER, 1, "दफ़्तर नहीं जाना पड़ा, बिल घर बैठे ठीक हो गया। धन्यवाद।", rating=5),
        ),
        quiet_days=5,
    ),
    WrittenCase(
        "replaced",
        CasePerson("anwar", "अनवर हुसैन", "7/112, शाहगंज, आगरा", "282010", "urban", 2),
        CaseMeter("UP31100476", at_end=8120, a_day=3.0, provisional_units=(310,), old_meter_no="UP10458213"),
        "meter_changed",
        "हमारा मीटर बदल दिया गया है। नया मीटर {meter} है और उसमें {reading} आ रहा है, पर बिल अब भी पुराने "
        "मीटर {old_meter} का आया है।",
        (
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                2,
                "सीलिंग प्रमाण पत्र देखा: पुराना मीटर {old_meter} रीडिंग {old_last} पर उतारा गया, "
                "नया मीटर {meter} शून्य से लगा। दोनों मीटर जोड़कर {true_units} यूनिट का बिल बनाया है।",
                REVISED,
                figures={
                    "previous_reading": "{begin}",
                    "old_meter_reading": "{old_last}",
                    "new_meter_initial": "0",
                    "current_reading": "{new_end}",
                    "basis": "MU",
                },
            ),
        ),
    ),
    WrittenCase(
        "payment",
        CasePerson("sunil", "सुनील कुमार गुप्ता", "23, ताजगंज, आगरा", "282001", "urban", 3),
        CaseMeter("UP20419954", at_end=4755, a_day=5.2, is_payment_missing=True),
        "payment_not_posted",
        "पिछला बिल मैंने UPI से समय पर जमा किया था, रसीद मेरे पास है। फिर भी {month} के बिल में वही रकम बकाया दिखाकर जोड़ दी गई "
        "है।",
        kind="PAYMENT_NOT_POSTED",
        has_photo=False,
    ),
    WrittenCase(
        "category",
        CasePerson("geeta", "गीता देवी", "45, मोहल्ला रकाबगंज, आगरा", "282003", "urban", 2),
        CaseMeter("UP20420117", at_end=4208, a_day=3.6, billed_category="LMV-2"),
        "wrong_category",
        "हमारे घर में कोई दुकान नहीं है, फिर भी {month} का बिल दुकान के रेट (LMV-2) से आया है। नीचे का कमरा बेटे के पढ़ने का है।",
        (
            TAKE_UP,
            CaseStep(
                Action.ASK,
                HOLDER,
                2,
                "क्या नीचे वाले कमरे में पहले कोई दुकान थी? कृपया घर के सामने की और कमरे की एक-एक फ़ोटो भेजें।",
            ),
        ),
        quiet_days=2,
    ),
    WrittenCase(
        "load",
        CasePerson("premsingh", "प्रेम सिंह", "ग्राम किरावली, तहसील किरावली, आगरा", "283122", "rural", 2),
        CaseMeter("UP20420890", at_end=6035, a_day=3.3, billed_load_kw=5),
        "wrong_load",
        "मेरा स्वीकृत भार 2 किलोवाट है, बिल में 5 किलोवाट का फिक्स चार्ज लगा दिया। मैंने भार बढ़ाने का कोई फ़ॉर्म नहीं भरा।",
        (
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                1,
                "सिस्टम में स्वीकृत भार 2 किलोवाट ही है। फिक्स चार्ज 5 की जगह 2 किलोवाट पर कर दिया है।",
                REVISED,
                figures={"load_kw": "2"},
            ),
            CaseStep(
                Action.SEND_BACK,
                APPROVER,
                1,
                "पिछले छह महीने की अधिकतम माँग (MDI) देखकर भेजें। भार सच में बढ़ा हो, तो केवल बिल घटाना ठीक नहीं।",
            ),
        ),
    ),
    WrittenCase(
        "neighbour",
        CasePerson("farhan", "फ़रहान अली", "फ़्लैट 302, गुलमोहर अपार्टमेंट, दयालबाग, आगरा", "282005", "urban", 3),
        CaseMeter("UP20421338", at_end=7314, a_day=4.8, billed=8842, other_meter_no="UP20421339"),
        "wrong_meter",
        "बिल पर मीटर नंबर {old_meter} छपा है, वह सामने वाले फ़्लैट 301 का है। मेरा मीटर {meter} है और उसमें {reading} चल रहा है।",
        (
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                2,
                "मौके पर जाँच की: मीटर {meter} फ़्लैट 302 का है, {old_meter} फ़्लैट 301 का। बिल {true} रीडिंग पर बना दिया है; "
                "301 का बिल अलग से देखा जाएगा।",
                REVISED,
                figures=BY_READING,
            ),
            CaseStep(Action.APPROVE, APPROVER, 1),
            CaseStep(Action.CONFIRM, CONSUMER, 1),
            CaseStep(Action.RATE, CONSUMER, 1, "काम हो गया, पर मीटर नंबर शुरू से ठीक होना चाहिए था।", rating=4),
        ),
        quiet_days=9,
    ),
    WrittenCase(
        "defective",
        CasePerson("munni", "मुन्नी देवी", "ग्राम अकोला, पोस्ट अकोला, आगरा", "283102", "rural", 2),
        CaseMeter("UP20422046", at_end=3977, a_day=2.9, assessed_units=310, assessed_months=3),
        "defective_meter",
        "मीटर का परदा तीन महीने से बंद है, कुछ नहीं दिखता। हर महीने {units} यूनिट का औसत बिल आ रहा है। मीटर बदलवाएँ और बिल ठीक "
        "करें।",
        (
            TAKE_UP,
            CaseStep(
                Action.ASK,
                HOLDER,
                1,
                "मीटर कब से बंद है, और क्या कोई कर्मचारी मीटर देखने आया था? मीटर की फ़ोटो भी भेजें।",
            ),
            CaseStep(
                Action.ANSWER,
                CONSUMER,
                2,
                "तीन महीने से बंद है। एक कर्मचारी देखकर गया था, बोला कि नया मीटर आएगा।",
                has_photo=True,
            ),
        ),
        has_reading=False,
    ),
    WrittenCase(
        "refused",
        CasePerson("kamlesh", "कमलेश शर्मा", "बी-61, सिकन्दरा आवास विकास, आगरा", "282007", "urban", 2),
        CaseMeter("UP20422871", at_end=7412, a_day=7.0),
        "too_high",
        "घर में केवल दो लोग हैं, {units} यूनिट कैसे हो सकती है? मीटर बहुत तेज़ चल रहा है, जाँच कराएँ।",
        (
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                2,
                "फ़ोटो की रीडिंग {reading} बिल की {billed} से ज़्यादा है। बिल सही है।",
                NOT_NEEDED,
            ),
            CaseStep(Action.APPROVE, APPROVER, 1),
            CaseStep(
                Action.REFUSE, CONSUMER, 1, "रीडिंग पर नहीं, मीटर की चाल पर आपत्ति है। मीटर की जाँच तो हुई ही नहीं।"
            ),
            TAKE_UP,
            CaseStep(
                Action.PROPOSE,
                MAKER,
                1,
                "पिछले साल इन्हीं महीनों की खपत भी इतनी ही थी, इसलिए मीटर तेज़ नहीं माना गया। बिल नहीं बदला जाएगा।",
                REFUSED,
            ),
            CaseStep(Action.APPROVE, APPROVER, 1),
            CaseStep(
                Action.REFUSE,
                CONSUMER,
                1,
                "बिना चेक मीटर लगाए कैसे कह दिया कि मीटर ठीक है? चेक मीटर की फ़ीस देने को तैयार हूँ।",
            ),
        ),
    ),
    WrittenCase(
        "late",
        CasePerson("shivkumar", "शिवकुमार कुशवाहा", "ग्राम शमसाबाद देहात, आगरा", "283125", "rural", 3),
        CaseMeter("UP20423460", at_end=9186, a_day=4.0, provisional_units=(612,)),
        "reading_not_taken",
        "खेती का काम है, रोज़ दफ़्तर नहीं आ सकता। बिल {units} यूनिट का आया है जबकि मीटर {reading} पर है। पहले भी लिखकर दिया था, "
        "किसी ने नहीं सुना।",
        (TAKE_UP,),
        quiet_days=17,
    ),
    WrittenCase(
        "mother",
        CasePerson("", "शान्ति देवी", "ग्राम बरौली अहीर, आगरा", "283102", "rural", 1),
        CaseMeter("UP20424005", at_end=2310, a_day=1.6, provisional_units=(148,)),
        "reading_not_taken",
        "माँ गाँव में अकेली रहती हैं, पढ़ी-लिखी नहीं हैं। बिल {units} यूनिट का आया है, मीटर में {reading} दिख रहा है। "
        "बेटे ने नोएडा से फ़ोन किया।",
        (
            TAKE_UP,
            CaseStep(CALLED, CONSUMER, 2),
        ),
        has_photo=False,
        relation="family",
    ),
    WrittenCase(
        "disputed",
        CasePerson("rakesh", "राकेश मिश्रा", "118, बल्केश्वर, आगरा", "282004", "urban", 3),
        CaseMeter("UP20424733", at_end=5523, a_day=5.5),
        "too_high",
        "किराएदार ने फ़ोन किया: {month} का बिल {units} यूनिट का है, ज़्यादा लगता है।",
        (
            CaseStep(
                FREEZE,
                CONSUMER,
                1,
                "मैंने 1912 पर कोई शिकायत नहीं की। फ़ोन घर पर किराएदार के पास रह गया था, OTP उसी ने बताया होगा।",
            ),
        ),
        has_photo=False,
        relation="tenant",
    ),
)
