"""What happened at the invented company: the effects planted in its history, to be found again by whoever looks.

Days count back from the end of the history, so the stories stay at the same distance whenever the demo is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import CHANNELS, TEAMS, TOPICS

DAY = 86400
Factor = Literal["volume", "wait", "reopened", "work"]
Traits = Mapping[Literal["topic", "team", "channel", "partner"], Ints]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A change, from ``begins`` days before the end (null: always) to ``ends``, for a topic, team or channel.

    ``partner`` limits it to tickets that are with the outsourcing partner's people.

    Factors multiply: ``volume`` the arrivals, ``wait`` the working time until a reply, ``reopened`` the chance that a
    solved ticket comes back, ``work`` the recorded handling time. ``rating`` is added to the mean score (of 1 to 5).
    ``is_announced`` says that the company wrote it down as an annotation.
    """

    title: str
    begins: int | None = None
    ends: int = 0
    topic: str | None = None
    team: str | None = None
    channel: str | None = None
    partner: bool = False
    volume: float = 1.0
    wait: float = 1.0
    reopened: float = 1.0
    work: float = 1.0
    rating: float = 0.0
    is_announced: bool = False

    def holds(self, at: Ints, end: int, traits: Traits) -> Flags:
        """Which of the moments ``at`` (epoch seconds) with these traits the story covers."""
        covered = at <= end - self.ends * DAY
        if self.begins is not None:
            covered &= at > end - self.begins * DAY
        for name, names in (("topic", tuple(t.name for t in TOPICS)), ("team", TEAMS), ("channel", CHANNELS)):
            wanted = getattr(self, name)
            if wanted is not None:
                covered = covered & (traits[name] == names.index(wanted))  # type: ignore[index]
        if self.partner:
            covered = covered & (traits["partner"] == 1)
        return covered


BAD_RELEASE = Story(
    title="Firmware 4.2 released",
    begins=75,
    ends=61,
    topic="pairing",
    volume=6.0,
    wait=1.8,
    rating=-0.9,
    is_announced=True,
)
HASTY_TEAM = Story(title="Billing answers fast and not always well", team="Billing", wait=0.4, reopened=3.0)
HASTY_PARTNER = Story(
    title="Northway Contact closes fast, and customers come back",
    partner=True,
    wait=0.55,
    work=0.6,
    reopened=2.7,
    rating=-0.5,
)
PEAK = Story(title="Gift season", begins=150, ends=128, volume=1.9, wait=1.5)
MACRO = Story(title="New macro for returns", begins=45, topic="returns", work=0.6, is_announced=True)
BOT = Story(title="Chat bot Pip answers first", begins=110, channel="chat", is_announced=True)

BOT_GREETS = 0.7
"""Share of chats the bot answers first, from the day it is switched on."""
BOT_DEFLECTS = 0.4
"""Share of these that it solves itself."""
BOT_RETURNS = 0.3
"""Share of the chats it solved whose customer comes back and asks for a person."""
BOT_RATING = -1.3
"""What being solved by the bot adds to the mean score."""
BOT_CALLS = 0.35
"""Share of the chats it solved and heard no more of whose customer calls the phone line within about a day."""
OLD_LINE_ENDS = 60
"""Days before the end when the shops' old telephone line, which only counted its calls, was switched off."""
NAMES_RELEASE = 0.7
"""Share of the flooded topic's customers who say that it is since the update."""
ARTICLE_BEGINS = 68
"""Days before the end when the help centre got an article about the bad release; until then searches for it failed."""
ARTICLE_TITLE = "Pairing after update 4.2"
REVIEW_RATING = -2.2
"""Points (of 5 stars) that reviews of people who never asked for help lost while the release was bad."""
CHURN = 0.013
"""Chance that a consumer's plan ends within thirty days, without trouble; half of that for shops and partners."""
PAIN = {"reopened": 1.0, "bot": 0.9, "wait": 0.5}
"""Points of pain: a ticket that had to be reopened, a chat the bot closed for good, a long wait for the first reply."""
LONG_WAIT_HOURS, PAIN_DAYS = 40, 75
CHURN_PER_PAIN = 1.7
"""Each point within ``PAIN_DAYS`` multiplies the chance to end by e to this: five times. No other cause is planted."""
MEAN_SCORE = 5.65
"""Mean score (of 1 to 5, before it is cut at 5) of a ticket answered at once."""
PER_DOUBLED_HOUR = -0.22
"""Points lost each time the first wait, in hours plus one, doubles."""
REOPENED_RATING = -1.0
"""Points lost by a ticket that had to be reopened."""
RESPONSE = {"email": 0.2, "chat": 0.42, "web": 0.24, "phone": 0.3}
"""Share of the surveys answered, by the channel of the request; the delighted and the angry answer more often."""
REOPENED = 0.06
"""Share of tickets reopened where no story says otherwise."""

STORIES = (BAD_RELEASE, HASTY_TEAM, HASTY_PARTNER, PEAK, MACRO, BOT)


def factor(name: Factor, at: Ints, end: int, traits: Traits) -> Numbers:
    """The product of the stories' factors for each moment."""
    product = np.ones(np.broadcast_shapes(at.shape, *(trait.shape for trait in traits.values())))
    for story in STORIES:
        size = getattr(story, name)
        if size != 1:
            product = np.where(story.holds(at, end, traits), product * size, product)
    return product


def rating(at: Ints, end: int, traits: Traits) -> Numbers:
    """What the stories add to the mean score of tickets opened at these moments."""
    total = np.zeros(at.shape)
    for story in STORIES:
        if story.rating:
            total = np.where(story.holds(at, end, traits), total + story.rating, total)
    return total
