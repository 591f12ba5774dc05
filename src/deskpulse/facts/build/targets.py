"""When a ticket's targets end, so that met, missed and still running can be told at any now."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from deskpulse.facts.build.clock import Clock
from deskpulse.facts.build.columns import NONE, Codes, Ints, Vocabulary, place, whole
from deskpulse.settings import Settings, Target

METRICS = ("first_response", "resolution")


def dues(
    clock: Clock,
    words: Vocabulary,
    channel: Codes,
    priority: Codes,
    begun: Mapping[str, Ints],
    schedule: Ints,
    policies: pa.Table,
    key: Ints,
) -> dict[str, Ints]:
    """``<metric>_due_by_<channel|priority|policy>`` per ticket, seconds since 1970.

    ``begun`` has the start of each metric. A business target runs under the schedule the ticket opened in, also where
    the ticket changes schedule later.
    """
    found = {}
    for metric in METRICS:
        limits = {
            "channel": _stated(clock.settings, metric, words, channel=channel, priority=None),
            "priority": _stated(clock.settings, metric, words, channel=channel, priority=priority),
            "policy": _policy(policies, metric, key),
        }
        for by, (plain, business) in limits.items():
            found[f"{metric}_due_by_{by}"] = _due(clock, begun[metric], schedule, plain, business)
    return found


def _due(clock: Clock, begun: Ints, schedule: Ints, plain: Ints, business: Ints) -> Ints:
    reached = clock.business(begun, schedule)
    known = (reached != NONE) & (business != NONE)
    in_hours = clock.instant(np.where(known, reached + np.where(known, business, 0), NONE), schedule)
    elapsed = np.where((begun != NONE) & (plain != NONE), begun + np.where(plain == NONE, 0, plain), NONE)
    return np.where(in_hours == NONE, elapsed, in_hours)


def _stated(
    settings: Settings, metric: str, words: Vocabulary, *, channel: Codes, priority: Codes | None
) -> tuple[Ints, Ints]:
    """The targets of the settings per ticket, on both clocks: by channel alone, or the first that fits the priority."""
    plain, business = np.full(len(channel), NONE), np.full(len(channel), NONE)
    for target in reversed(settings.targets):
        if target.metric != metric or (target.priority is None) != (priority is None):
            continue
        fits = _fits(target, words, channel, priority)
        plain[fits] = target.seconds if target.clock == "calendar" else NONE
        business[fits] = target.seconds if target.clock == "business" else NONE
    return plain, business


def _fits(target: Target, words: Vocabulary, channel: Codes, priority: Codes | None) -> np.ndarray:
    fits = np.ones(len(channel), np.bool_)
    if target.channel is not None:
        fits &= channel == words.code(target.channel)
    if target.priority is not None and priority is not None:
        fits &= priority == words.code(target.priority)
    return fits


def _policy(policies: pa.Table, metric: str, key: Ints) -> tuple[Ints, Ints]:
    """The source's own policy, the last one applied, on both clocks."""
    plain, business = np.full(len(key), NONE), np.full(len(key), NONE)
    rows = (
        policies.filter(np.asarray(policies["metric"].to_numpy(zero_copy_only=False) == metric))
        if len(policies)
        else policies
    )
    if not len(rows):
        return plain, business
    order = np.lexsort((whole(rows["tie"]), whole(rows["at"])))
    order = order[np.isin(whole(rows["ticket_key"])[order], key)]
    ticket = np.searchsorted(key, whole(rows["ticket_key"])[order])
    seconds = whole(rows["target_seconds"])[order]
    is_business = rows["clock"].to_numpy(zero_copy_only=False)[order] == "business"
    plain = place(len(key), ticket, np.where(is_business, NONE, seconds), NONE)
    business = place(len(key), ticket, np.where(is_business, seconds, NONE), NONE)
    return plain, business
