"""The facts of help-centre articles: the article itself, and what readers did with it day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import ibis

from deskpulse.facts import article
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value
from deskpulse.time.zone import to_local, to_utc


def article_rows(articles: Table) -> Table:
    """One row per article; what is reviewed after it was published is as fresh as its last review."""
    updated = ibis.greatest(articles.published_at, articles.updated_at.fill_null(articles.published_at))
    named = _named(articles).mutate(
        updated_at=updated,
        stale_at=updated + ibis.interval(days=article.STALE_DAYS),
        left_out=ibis.null("string"),
    )
    return shaped(named, article.FACT)


def titles(articles: Table) -> Table:
    """source, article_key, title, about, language of every article, to put on what readers did."""
    named = _named(articles)
    return named.select(
        "source", "language", article_key=named.source_id, title=named.article, about=named.topic
    )  # fmt: skip


def _named(articles: Table) -> Table:
    return articles.mutate(
        article_id=articles.source + ":" + articles.source_id,
        article=ibis.coalesce(articles.title, articles.source_id),
    )


def article_day_rows(events: Mapping[str, Table], zone: str) -> Table:
    """What readers did, added up per article and day of ``zone``; a row without a count is one."""
    acts = events["article_event"]
    known = titles(events["article"])
    rows = acts.left_join(known, [acts.source == known.source, acts.article == known.article_key])
    days = _days(acts, zone)
    rows = rows.drop("source_right", "version").inner_join(days, [rows["at"] >= days.begins, rows["at"] < days.ends])
    told = rows.mutate(many=rows["count"].fill_null(1), did=rows.action.cast("string"))
    summed = told.group_by(["source", "article", "begins"]).agg(
        title=told.title.max(),
        topic=told.about.max(),
        language=told.language.max(),
        views=_times(told, "view"),
        helpful=_times(told, "helpful"),
        votes=_times(told, "helpful", "unhelpful"),
        searches=_times(told, "search", "failed_search"),
        failed_searches=_times(told, "failed_search"),
        linked=_times(told, "linked"),
        bot_resolved=_times(told, "bot_resolved"),
    )
    return shaped(_as_declared(summed), article.DAY)


def _as_declared(summed: Table) -> Table:
    return summed.mutate(
        article_id=ibis.coalesce(summed.source + ":" + summed.article, summed.source),
        article=ibis.coalesce(summed.title, summed.article),
        day=summed.begins,
        left_out=ibis.null("string"),
    )


def _times(told: Table, *actions: str) -> Value:
    return told.did.isin(actions).ifelse(told.many, 0).sum()


def _days(acts: Table, zone: str) -> Table:
    """begins and ends (UTC) of every day of ``zone`` on which something may have happened."""
    found = acts.aggregate(first=acts["at"].min(), last=acts["at"].max()).to_pyarrow().to_pylist()[0]
    bounds = list(_midnights(found["first"], found["last"], zone)) if found["first"] else []
    rows = [{"begins": begin, "ends": end} for begin, end in pairwise(bounds)]
    return ibis.memtable(rows, schema={"begins": "timestamp", "ends": "timestamp"})


def _midnights(first: datetime, last: datetime, zone: str) -> Iterator[datetime]:
    day = to_local(first, zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    while (begin := to_utc(day, zone)) <= last:
        yield begin
        day += timedelta(days=1)
    yield begin
