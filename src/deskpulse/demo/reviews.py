"""What customers of the invented company say of it in public."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered
from deskpulse.demo.desk import DAY, Desk
from deskpulse.demo.draws import around
from deskpulse.demo.phrases import COMMENTS
from deskpulse.demo.tone import comments

SITES = ("Sounding Board", "Shop Echo")
AFTER_SUPPORT = 0.035
"""Share of the solved tickets whose customer writes a review, in about three days."""
FROM_NOWHERE = 0.6
"""Reviews a day from people who never asked for help."""
ASKED_FOR = 0.5


def reviews(desk: Desk, rng: np.random.Generator) -> Columns:
    """Some follow a solved ticket and what it was like; the others are about the product, or about the release."""
    after = np.flatnonzero((desk.first_solved_at > 0) & ~desk.is_spam & (rng.random(desk.size) < AFTER_SUPPORT))
    days = (desk.end - int(desk.created[0])) / DAY
    alone = rng.integers(int(desk.created[0]), desk.end, rng.poisson(FROM_NOWHERE * days))
    none = np.full(len(alone), -1)
    angry = (alone > desk.end - (stories.BAD_RELEASE.begins or 0) * DAY) & (
        alone <= desk.end - stories.BAD_RELEASE.ends * DAY
    )
    score = np.concatenate([desk.expected_score()[after], 5.0 + stories.REVIEW_RATING * angry])
    stars = np.clip(np.round(score - rng.gumbel(0.25, 0.95, len(score))), 1, 5)
    at = np.concatenate([desk.first_solved_at[after] + around(rng, len(after), 3 * DAY, 0.7), alone])
    ticket, customer = np.concatenate([after, none]), np.concatenate([desk.customer[after], none])
    kept = at < desk.end
    size = int(kept.sum())
    return {
        "source_id": numbered(np.arange(size) + 1),
        "at": instants(at[kept]),
        "site": named((rng.random(size) < 0.35).astype(np.int64), SITES),
        "stars": pa.array(stars[kept]),
        "customer": numbered(customer[kept] + 1, customer[kept] >= 0),
        "ticket": numbered(ticket[kept] + 1, ticket[kept] >= 0),
        "is_solicited": pa.array((ticket[kept] >= 0) & (rng.random(size) < ASKED_FOR)),
        "comment": named(comments(rng, stars[kept], (1, 5), 0.6), COMMENTS),
    }
