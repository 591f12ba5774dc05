"""The sentences the invented company's customers write, put together from parts; none is anybody's real words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

PRODUCTS = ("Heron", "Sparrow", "Kestrel", "Wren", "Plover", "Bittern Mini")


def _said(*parts: Iterable[str]) -> tuple[str, ...]:
    """Every way to choose one of each part, one after the other."""
    return tuple(" ".join(word for word in words if word) for words in product(*parts))


def _asked(*questions: str) -> tuple[str, ...]:
    """The questions about every product, with or without a greeting and a close."""
    about = tuple(question.format(product) for question in questions for product in PRODUCTS)
    return _said(("", "Hello,"), dict.fromkeys(about), ("", "Thank you.", "It is rather urgent."))


OPENINGS = {
    "delivery": _asked(
        "where is the parcel with my {}?",
        "my {} should have come on Tuesday and has not.",
        "the tracking page has said 'in transit' for a week.",
        "the courier says my {} was delivered, and it was not.",
    ),
    "returns": _asked(
        "I want to send the {} back.",
        "how do I get a return label for the {}?",
        "I returned a {} and have heard nothing about the refund.",
    ),
    "order change": _asked(
        "can you change the address of my order?",
        "I ordered the {} in black and would rather have it in sand.",
        "please cancel the second {} in my basket.",
    ),
    "advice": _asked(
        "which speaker would you take outdoors?",
        "does the {} fit with glasses?",
        "is the {} loud enough for a workshop?",
    ),
    "invoice": _asked(
        "I need an invoice with our company's address.",
        "the invoice for the {} shows the wrong tax number.",
        "where can I download my invoices?",
    ),
    "payment": _asked(
        "I was charged twice for the {}.",
        "my card is refused although it works elsewhere.",
        "the voucher was not taken off the price of the {}.",
    ),
    "pairing": _asked(
        "my {} will not pair with the phone.",
        "the {} connects and drops out after a minute.",
        "the {} is not in the list of devices.",
    ),
    "app login": _asked(
        "the app logs me out every day.",
        "I cannot reset my password for the app.",
        "the app says my {} belongs to another account.",
    ),
    "firmware": _asked(
        "the update of my {} hangs at 80 percent.",
        "after the update the {} starts in another language.",
        "which firmware should the {} have?",
    ),
    "warranty": _asked(
        "the left side of my {} is silent.",
        "the hinge of the {} broke, is that covered?",
        "the battery of my {} lasts twenty minutes.",
    ),
}
AFTER_RELEASE = _asked(
    "since the 4.2 update my {} will not pair any more.",
    "update 4.2 has broken the Bluetooth of the {}.",
    "the {} blinks red and blue after version 4.2 and finds nothing.",
)
NEUTRAL = (
    *("Any news?", "Thanks, here is the serial number.", "The order number is in the attachment.", "One more thing."),
    *(
        "I have tried that; it says error 14.",
        "Here is a photo of it.",
        "It is the black one.",
        "Which one do you mean?",
    ),
    *_said(("Yes,", "No,"), ("it was bought in the shop.", "I have the receipt.", "that is the right address.")),
)
NEGATIVE = _said(
    ("", "Sorry, but", "Honestly,"),
    (
        *("it still does not work.", "this is the third time I explain it.", "nobody reads what I write."),
        *("I have been waiting for days.", "that is no answer to my question.", "this is getting annoying."),
        *("your last answer made it worse.", "I was promised a call and got none."),
    ),
    ("", "Please look into it.", "What now?"),
)
POSITIVE = _said(
    ("", "Great,", "Oh,"),
    (
        *("that helped.", "it works again.", "the parcel is here.", "that was quick."),
        *("you made my day.", "now it pairs at once.", "that is very kind."),
    ),
    ("", "Thank you!", "Thanks a lot."),
)

_WHO = ("The agent", "Support", "Your colleague", "The person I talked to")
BAD_COMMENTS = (
    *_said(
        _WHO,
        (
            *(
                "did not understand what I asked.",
                "closed my ticket without an answer.",
                "sent me from one to the next.",
            ),
            *("copied an article I had read.", "took far too long.", "promised a call that never came."),
        ),
        ("", "Not good enough.", "I will not buy here again.", "The headphones themselves are fine.", "Twice."),
    ),
    *_said(
        (
            "I had to ask three times.",
            "Waited four days for one line.",
            "The robot went round in circles.",
            "Still broken.",
        ),
        ("", "Polite, but no help.", "Thanks for nothing.", "A pity.", "My time is worth something too."),
    ),
)
MIXED_COMMENTS = (
    *_said(
        ("It took a while,", "The first answer missed the point,", "Friendly enough,", "I had to ask twice,"),
        (
            *("but it works now.", "but in the end it was solved.", "but I had to find out half of it myself."),
            *("and the refund is on its way.", "and the parcel is still not here."),
        ),
    ),
    *_said(("It was all right.", "Okay.", "As one would expect."), ("", "Nothing special.", "Could be quicker.")),
)
GOOD_COMMENTS = (
    *_said(
        _WHO,
        (
            *("solved it at once.", "was quick and friendly.", "knew exactly what was wrong.", "did not give up."),
            *("explained it so that I understood.", "sent a new cable the same day."),
        ),
        ("", "Thank you!", "Great service.", "I had expected worse.", "Not a long wait at all.", "No complaints."),
    ),
    *_said(("Quick and friendly.", "Problem gone.", "Best support in a long time."), ("", "Thanks.", "Well done.")),
)
COMMENTS = (*BAD_COMMENTS, *MIXED_COMMENTS, *GOOD_COMMENTS)
