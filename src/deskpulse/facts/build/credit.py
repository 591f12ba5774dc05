"""Who is credited: the team a person was in THEN, the name to show, and the customer's account and segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.facts.build.columns import NONE, Codes, Ints, Mask, Vocabulary, encode, whole
from deskpulse.metrics.fact import Table
from deskpulse.store.texts import Asked, Desk

REACH = 1 << 34  # seconds: beyond the year 2500
IN_HOUSE = -3
"""Where a membership names no partner: not the same as no membership."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Periods:
    """Values that held for a time, by a whole-number key; a period ends where the next of its key begins."""

    key: Ints
    begin: Ints
    end: Ints
    value: Codes

    def at(self, key: Ints, at: Ints) -> Codes:
        """The value of each key at each instant, -1 where none held."""
        result = np.full(len(key), -1, np.int32)
        if not len(self.key):
            return result
        asked = (key >= 0) & (at != NONE)
        found = np.searchsorted(self.key * REACH + self.begin, key[asked] * REACH + at[asked], side="right") - 1
        index = np.maximum(found, 0)
        holds = (found >= 0) & (self.key[index] == key[asked]) & (at[asked] < self.end[index])
        result[asked] = np.where(holds, self.value[index], -1)
        return result


def periods(key: Ints, begin: Ints, end: Ints, value: Codes) -> Periods:
    """Periods in order, cut so that none overlaps the next."""
    order = np.lexsort((begin, key))
    key, begin, end, value = key[order], begin[order], end[order], value[order]
    following = np.full(len(key), REACH)
    same = key[1:] == key[:-1]
    following[:-1][same] = begin[1:][same]
    return Periods(key=key, begin=begin, end=np.minimum(np.where(end == NONE, REACH, end), following), value=value)


@dataclass(frozen=True, kw_only=True, eq=False)
class Staff:
    """People by (source, id), an id being a code of the history's vocabulary.

    ``labels`` has a row per source: the code in ``words`` to show for each id; ``is_bot`` likewise.
    """

    words: Vocabulary
    labels: Any
    is_bot: Any
    teams: Periods
    partners: Periods
    team_partners: Periods

    def label(self, source: Codes, person: Codes) -> Codes:
        """What to show for a person: the name, else the id."""
        shown = self.labels[source, np.maximum(person, 0)]
        return np.where(person < 0, -1, shown).astype(np.int32)

    def bot(self, source: Codes, person: Codes) -> Mask:
        """Whether the person is a bot."""
        return self.is_bot[source, np.maximum(person, 0)] & (person >= 0)

    def team_then(self, source: Codes, person: Codes, at: Ints, otherwise: Codes) -> Codes:
        """The team the person belonged to at ``at``, else ``otherwise``."""
        found = self.teams.at(self._key(source, person), at)
        return np.where(found < 0, otherwise, found)

    def partner_then(self, source: Codes, person: Codes, at: Ints, team: Codes) -> Codes:
        """The partner the person worked for at ``at``; without a membership then, the one all of ``team`` did."""
        if not len(self.partners.key) and not len(self.team_partners.key):
            return np.full(len(person), -1, np.int32)
        own = self.partners.at(self._key(source, person), at)
        whole = self.team_partners.at(self._key(source, team), at)
        return np.where(own == IN_HOUSE, -1, np.where(own < 0, whole, own)).astype(np.int32)

    def _key(self, source: Codes, word: Codes) -> Ints:
        return np.where(word < 0, -1, source.astype(np.int64) * self.labels.shape[1] + word)


def staff(
    words: Vocabulary, sources: Vocabulary, person: pa.Table, membership: pa.Table, whole_teams: pa.Table | None = None
) -> Staff:
    """People's names, kinds and memberships. Two people of one name are told apart by their id."""
    size = max(len(words.words), 1)  # where nobody is known, everybody is still looked up
    shown, extra = _labels(words, sources, person)
    is_bot = np.zeros((len(sources.words), size), np.bool_)
    for row in _known(words, sources, person):
        is_bot[row["source_code"], row["code"]] = row["kind"] == "bot"
    every = pa.concat_arrays([words.words, pa.array(extra, pa.string())])
    return Staff(
        words=Vocabulary(every),
        labels=shown,
        is_bot=is_bot,
        teams=_memberships(words, sources, membership, size),
        partners=_partners(words, sources, membership, size),
        team_partners=_team_partners(words, sources, whole_teams, size),
    )


def _known(words: Vocabulary, sources: Vocabulary, rows: pa.Table) -> list[dict[str, Any]]:
    """Rows whose source and person occur in the batch, with their codes."""
    code = pc.index_in(rows["person"], value_set=words.words)
    source = pc.index_in(rows["source"], value_set=sources.words)
    known = rows.append_column("code", code).append_column("source_code", source)
    return known.filter(pc.and_(pc.is_valid(code), pc.is_valid(source))).to_pylist()


def _labels(words: Vocabulary, sources: Vocabulary, person: pa.Table) -> tuple[Any, list[str]]:
    names = person["name"].to_pylist()
    bearers = {name: names.count(name) for name in set(names)}
    shown = np.tile(np.arange(max(len(words.words), 1), dtype=np.int32), (len(sources.words), 1))
    extra: list[str] = []
    for row in _known(words, sources, person):
        if row["name"]:
            label = row["name"] if bearers[row["name"]] == 1 else f"{row['name']} ({row['person']})"
            shown[row["source_code"], row["code"]] = len(words.words) + len(extra)
            extra.append(label)
    return shown, extra


def _memberships(words: Vocabulary, sources: Vocabulary, membership: pa.Table, size: int) -> Periods:
    rows = [row for row in _known(words, sources, membership) if row["team"]]
    code = {team: words.code(team) for team in {row["team"] for row in rows}}
    return periods(
        np.array([row["source_code"] * size + row["code"] for row in rows], np.int64),
        np.array([_seconds(row["valid_from"]) for row in rows], np.int64),
        np.array([_seconds(row["valid_to"]) for row in rows], np.int64),
        np.array([code[row["team"]] for row in rows], np.int32),
    )


def _partners(words: Vocabulary, sources: Vocabulary, membership: pa.Table, size: int) -> Periods:
    rows = _known(words, sources, membership) if has_partners(membership) else []
    return periods(
        np.array([row["source_code"] * size + row["code"] for row in rows], np.int64),
        np.array([_seconds(row["valid_from"]) for row in rows], np.int64),
        np.array([_seconds(row["valid_to"]) for row in rows], np.int64),
        np.array([words.code(row["partner"]) if row["partner"] else IN_HOUSE for row in rows], np.int32),
    )


def has_partners(membership: pa.Table) -> bool:
    """Whether anybody ever worked for a partner: mostly nobody did, and then nothing is looked up."""
    return bool(membership["partner"].null_count < len(membership))


def _team_partners(words: Vocabulary, sources: Vocabulary, teams: pa.Table | None, size: int) -> Periods:
    rows = _known(words, sources, teams.rename_columns({"team": "person"})) if teams else []
    return periods(
        np.array([row["source_code"] * size + row["code"] for row in rows], np.int64),
        np.array([row["since"] for row in rows], np.int64),
        np.array([NONE if row["until"] is None else row["until"] for row in rows], np.int64),
        np.array([words.code(row["team_partner"]) for row in rows], np.int32),
    )


def _seconds(moment: Any) -> int:
    return NONE if moment is None else int((moment - datetime(1970, 1, 1)).total_seconds())


def customers(events: Mapping[str, Table], ticket: pa.Table, created_at: Ints, desk: Desk) -> dict[str, Any]:
    """Per ticket: ``customer`` (a code unique to source and customer, -1 for unknown), ``account`` and ``segment``."""
    known = desk.fetch(Asked(name="customers of tickets", build=lambda: _known_customers(events)))
    dated = desk.fetch(Asked(name="segments of customers", build=lambda: _segments(events)))
    _, (source, known_source, dated_source) = encode(ticket["source"], known["source"], dated["source"])
    ids, (asker, known_id, dated_id) = encode(ticket["customer"], known["source_id"], dated["customer"])
    size = len(ids.words) + 1
    words, (account, segment, dated_segment) = encode(known["account"], known["segment"], dated["segment"])
    key = np.where(asker < 0, -1, source.astype(np.int64) * size + asker)
    stated = periods(
        dated_source.astype(np.int64) * size + dated_id,
        whole(dated["valid_from"]),
        whole(dated["valid_to"]),
        dated_segment,
    ).at(key, created_at)
    row = _row_by_key(known_source.astype(np.int64) * size + known_id, key)
    now = np.where(row < 0, -1, np.append(segment, np.int32(-1))[row])
    return {
        "customer": key,
        "account": words.text(np.where(row < 0, -1, np.append(account, np.int32(-1))[row]).astype(np.int32)),
        "segment": words.text(np.where(stated < 0, now, stated).astype(np.int32)),
    }


def _mine(events: Mapping[str, Table]) -> Table:
    return events["ticket"].select("source", "customer").distinct()


def _known_customers(events: Mapping[str, Table]) -> Table:
    return events["customer"].semi_join(_mine(events), [("source", "source"), ("source_id", "customer")])


def _segments(events: Mapping[str, Table]) -> Table:
    return events["customer_segment"].semi_join(_mine(events), ["source", "customer"])


def _row_by_key(keys: Ints, asked: Ints) -> Ints:
    """The row that has each key, -1 for none."""
    order = np.argsort(keys, kind="stable")
    found = np.searchsorted(keys[order], asked)
    index = np.minimum(found, max(len(keys) - 1, 0))
    hit = (asked >= 0) & (found < len(keys))
    if len(keys):
        hit &= keys[order][index] == asked
        return np.where(hit, order[index], -1)
    return np.full(len(asked), -1, np.int64)
