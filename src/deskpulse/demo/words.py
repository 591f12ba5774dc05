"""What people write to Hollow Pine Audio, an invented maker of headphones and speakers, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from deskpulse.demo.phrases import AFTER_RELEASE, NEGATIVE, NEUTRAL, OPENINGS, POSITIVE

TEAMS = ("Orders", "Billing", "Technical")
CHANNELS = ("email", "chat", "web", "phone")
PRIORITIES = ("low", "normal", "high", "urgent")
SEGMENTS = ("consumer", "shop", "partner")
BRANDS = ("Hollow Pine", "Pinecone Kids")


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A subject of requests: who takes it, its share of ordinary days, the usual minutes of work and a subject line."""

    name: str
    team: str
    type: str
    share: float
    minutes: float
    opening: str


TOPICS = (
    Topic(name="delivery", team="Orders", type="question", share=0.20, minutes=4, opening="Where is my parcel?"),
    Topic(name="returns", team="Orders", type="task", share=0.13, minutes=9, opening="I want to send the Heron back."),
    Topic(name="order change", team="Orders", type="task", share=0.09, minutes=3, opening="Can you change my address?"),
    Topic(name="advice", team="Orders", type="question", share=0.08, minutes=5, opening="Which speaker fits outdoors?"),
    Topic(name="invoice", team="Billing", type="question", share=0.11, minutes=4, opening="I need an invoice."),
    Topic(name="payment", team="Billing", type="incident", share=0.09, minutes=5, opening="I was charged twice."),
    Topic(name="pairing", team="Technical", type="incident", share=0.10, minutes=8, opening="Sparrow will not pair."),
    Topic(name="app login", team="Technical", type="incident", share=0.08, minutes=6, opening="The app logs me out."),
    Topic(
        name="firmware", team="Technical", type="problem", share=0.05, minutes=10, opening="The update hangs at 80 %."
    ),
    Topic(name="warranty", team="Technical", type="task", share=0.07, minutes=8, opening="The left cup is silent."),
)

REPLIES = (
    "Thank you for writing. Here is what to do next.",
    "I have looked into it and found the cause.",
    "This is arranged; you will get a confirmation.",
    "Could you send me the serial number?",
)
NOTE = "Checked with the warehouse."
CALL_NOTE = "Customer called, see the call."
BOT_WORDS = "Hello, I am Pip. Does this article answer your question?"
ACKNOWLEDGEMENT = "We have received your message."
WANT_A_PERSON = "Please let me talk to a person."
OUTBOUND = "We are writing about the recall of your charger."
TEXTS = (
    *(text for topic in TOPICS for text in OPENINGS[topic.name]),
    *AFTER_RELEASE,
    *NEGATIVE,
    *NEUTRAL,
    *POSITIVE,
    *REPLIES,
    NOTE,
    CALL_NOTE,
    BOT_WORDS,
    ACKNOWLEDGEMENT,
    WANT_A_PERSON,
    OUTBOUND,
)
TEXT = {text: number for number, text in reversed(tuple(enumerate(TEXTS)))}
"""The place of a text; the first of it where it stands twice."""
