"""How many solved tickets come back?"""

from deskpulse.facts import solve
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share


def reopened_within(days: int) -> Share:
    """Reopened within ``days`` days, of the solves old enough to tell."""
    is_old_enough = solve.solved_at.before_now(days=days)
    return share(
        solve.reopened_at.within(solve.solved_at, days=days),
        dated_by=solve.solved_at,
        of=is_old_enough,
        left_out=(("too recent to judge", ~is_old_enough),),
    )


reopen_rate = KPI(
    title="Reopen rate",
    meaning="Share of solves that were followed by a reopening within 7 days.",
    also_called=("reopened tickets", "rework rate"),
    variants={
        "7d": reopened_within(7),
        "1d": reopened_within(1),
        "30d": reopened_within(30),
        "ever": share(solve.reopened_at.before_now(), dated_by=solve.solved_at),
    },
    differs={
        "1d": "A reopening counts within 1 day.",
        "30d": "A reopening counts within 30 days.",
        "ever": "A reopening counts whenever it came; old periods have had longer to collect them.",
    },
    better="lower",
    signal="lagging",
    guardrails=(
        ("first_contact_resolution", "Customers whose ticket cannot be reopened open a new one."),
        ("resolution_time", "Leaving tickets open for safety avoids reopenings and costs time."),
    ),
    caveats=(
        "A ticket solved three times has three solves; each is judged by what followed it.",
        "Solves of the last 7 days are left out until their time has passed.",
        "A helpdesk that turns late answers into new tickets hides reopenings.",
        "A thank-you that reopens a ticket counts, since the source does not tell it from a complaint.",
    ),
    asked_for_in="C",
)
