"""Further contacts: when the same customer came back about the same topic."""

from __future__ import annotations

import numpy as np

from deskpulse.facts.build.columns import NONE, Codes, Ints, Mask, earlier

FOLLOWED_DAYS = 90
FOLLOWED_SECONDS = FOLLOWED_DAYS * 86_400
"""How long a contact is followed once it was dealt with. Longer would change rows of years ago with every new ticket,
and no KPI looks so far."""


def next_contact(customer: Ints, topic: Codes, created_at: Ints, is_contact: Mask) -> Ints:
    """Per ticket, when its customer next opened one of the same topic, or one where either topic is unknown.

    ``customer`` is -1 where unknown. Only tickets that ``is_contact`` count as coming back (tests and spam do not).
    All tickets of a customer are in one batch.
    """
    result = np.full(len(customer), NONE)
    rows = np.flatnonzero((customer >= 0) & is_contact)
    result[rows] = _next(customer[rows], topic[rows], created_at[rows])
    return result


def soon(contact: Ints, since: Ints) -> Ints:
    """Contacts while one is followed; a later one is none."""
    return np.where(contact <= since + FOLLOWED_SECONDS, contact, NONE)


def _next(customer: Ints, topic: Codes, at: Ints) -> Ints:
    by_time = np.lexsort((at, customer))
    any_at = _following(customer, at, by_time)
    unknown_at = _following_where(customer, at, topic < 0, by_time)
    pair = customer * (int(topic.max(initial=0)) + 2) + topic + 1
    same_at = _following(pair, at, np.lexsort((at, pair)))
    return np.where(topic < 0, any_at, earlier(same_at, unknown_at))


def _following(group: Ints, at: Ints, order: Ints) -> Ints:
    return _following_where(group, at, np.ones(len(group), np.bool_), order)


def _following_where(group: Ints, at: Ints, wanted: Mask, order: Ints) -> Ints:
    """The instant of the next wanted row of the same group, in ``order``; one of the same second is not next."""
    size = len(order)
    result = np.full(size, NONE)
    if not size:
        return result
    group, at = group[order], at[order]
    index = np.append(np.where(wanted[order], np.arange(size), size), size)
    nearest = np.minimum.accumulate(index[::-1])[::-1]
    is_new = np.append((group[1:] != group[:-1]) | (at[1:] != at[:-1]), True)
    past_second = (np.flatnonzero(is_new) + 1)[np.cumsum(is_new) - is_new]
    upcoming = nearest[past_second]
    found = np.minimum(upcoming, size - 1)
    hit = (upcoming < size) & (group[found] == group)
    result[order] = np.where(hit, at[found], NONE)
    return result
