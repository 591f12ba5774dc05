"""Weights that give the answers to each question the make-up of all customers, where the settings tell it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.facts.build.columns import Mask
from deskpulse.metrics.weighting import Weights, rake
from deskpulse.settings.population import Population


def raked(surveys: pa.Table, population: Population) -> pa.Table:
    """The rows of the survey fact with weights raked to ``population``, from the survey's own weights where it has any.

    All answers of a kind are weighted together. One of a channel or topic that the population does not name gets none.
    """
    weights = np.full(len(surveys), np.nan)
    known = _counts(surveys)
    for margin, parts in population.items():
        known &= _mask(pc.is_in(surveys[margin], value_set=pa.array(list(parts), pa.string())))
    own = pc.fill_null(surveys["weight"], 1.0).to_numpy(zero_copy_only=False)
    for kind in pc.unique(surveys["kind"]).to_pylist():
        mine = known & _mask(pc.equal(surveys["kind"], kind)) & (own > 0)
        if mine.any():
            weights[mine] = _weights(surveys.filter(pa.array(mine)), own[mine], population)
    column = pa.array(weights, pa.float64(), mask=np.isnan(weights))
    return surveys.set_column(surveys.column_names.index("weight"), "weight", column)


def _counts(surveys: pa.Table) -> Mask:
    return _mask(surveys["is_answered"]) & _mask(pc.is_null(surveys["left_out"]))


def _mask(column: pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), np.bool_)


def _weights(rows: pa.Table, start: Weights, population: Population) -> Weights:
    names = {margin: list(parts) for margin, parts in population.items()}
    groups = [
        np.asarray(pc.index_in(rows[margin], value_set=pa.array(listed, pa.string())), np.int64)
        for margin, listed in names.items()
    ]
    shares = [dict(enumerate(parts.values())) for parts in population.values()]
    return rake(start, groups, shares)
