"""How often must a customer ask before it is solved?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Spread

interactions_to_resolution = KPI(
    title="Interactions to resolution",
    meaning="Exchanges until a ticket is solved: a turn of the customer and the answer to it are one.",
    also_called=("contacts per resolution", "replies to resolution", "touches"),
    variants={
        "exchanges": Spread(over=ticket.exchanges, dated_by=ticket.solved_at, unit="count"),
        "agent_replies": Spread(over=ticket.agent_replies, dated_by=ticket.solved_at, unit="count"),
        "messages": Spread(over=ticket.messages, dated_by=ticket.solved_at, unit="count"),
    },
    differs={
        "agent_replies": "Public replies of people, each one counted, the opening message excepted.",
        "messages": "Every public message of the customer and of people.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("reopen_rate", "One exchange that solves nothing is followed by another ticket."),
        ("first_contact_resolution", "Fewer exchanges count only when the problem is gone."),
    ),
    caveats=(
        "Bursts are one turn: five messages in a row do not make five interactions.",
        "A ticket solved without a word has 0 exchanges.",
        "Channels differ by nature, chat takes more turns than e-mail: compare within a channel.",
    ),
    asked_for_in="E",
)
