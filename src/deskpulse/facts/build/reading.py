"""A reader of texts that learnt from ratings: TF-IDF and logistic regression, tested on texts it has not seen.

Lexicons of moods fail on support texts, where most words of complaint name the product's fault, not the mood. What a
workspace's own customers wrote beside their ratings tells more. Pairs of words cost five times as much and add nothing.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from deskpulse.facts.build.columns import Mask
from deskpulse.metrics.interval import wilson

LEAST_TEXTS = 200
LEAST_OF_EACH = 30
MOST_TEXTS = 3_000
FOLDS = 5
GUESSING = 0.5
SURE = 0.6
"""How probable a reading must be; between, a text reads neither negative nor positive."""

NO_MODEL = "no model: "


@dataclass(frozen=True, kw_only=True)
class Reader:
    """``accuracy`` was measured on ``texts`` rated texts, each read by a model that had not seen it.

    It is the mean of the accuracy for bad and for good ratings, so that guessing, and always saying the more frequent
    one, is right half of the time however rare bad ratings are.
    """

    model: Any
    accuracy: float
    texts: int

    def negative(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """The probability that each text comes with a bad rating, were bad ones as frequent as good ones."""
        found: npt.NDArray[np.float64] = self.model.predict_proba(texts)[:, 1]
        return found


def learn(texts: Sequence[str], is_bad: Mask, groups: Sequence[str]) -> Reader | str:
    """A reader, or why there is none. Texts of one of the ``groups`` (a ticket) are never on both sides of the test."""
    bad, good = int(is_bad.sum()), int((~is_bad).sum())
    if find_spec("sklearn") is None:
        return f"{NO_MODEL}scikit-learn is not installed. Type: pip install 'deskpulse[words]'"
    if bad + good < LEAST_TEXTS or min(bad, good) < LEAST_OF_EACH:
        needed = f"it takes {LEAST_TEXTS}, with {LEAST_OF_EACH} of each rating"
        return f"{NO_MODEL}there are {good + bad} rated texts, {bad} with a bad rating: {needed}"
    try:
        is_right = _is_right(texts, is_bad, groups)
    except ValueError:  # no word stands in two texts, or one group holds nearly all of them
        return f"{NO_MODEL}the rated texts have too little in common"
    accuracy, at_least = _balanced(is_right[is_bad], is_right[~is_bad])
    if at_least <= GUESSING:
        return f"{NO_MODEL}it would be right {accuracy:.0%} of the time, which is not clearly more than by guessing"
    return Reader(model=_model().fit(texts, is_bad), accuracy=accuracy, texts=len(texts))


def _balanced(of_bad: Mask, of_good: Mask) -> tuple[float, float]:
    """The mean of two shares, and the lower limit of its 95 % interval (Zou and Donner, Stat. Med. 27 (2008))."""
    found = [wilson(int(part.sum()), len(part)) for part in (of_bad, of_good)]
    value = sum(one.value or 0.0 for one in found) / 2
    return value, value - math.hypot(*((one.value or 0.0) - (one.low or 0.0) for one in found)) / 2


def _model() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=20_000, strip_accents="unicode")
    return make_pipeline(words, LogisticRegression(max_iter=1000, class_weight="balanced"))


def _is_right(texts: Sequence[str], is_bad: Mask, groups: Sequence[str]) -> Mask:
    """Which texts are read right by models that learnt from the other groups."""
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a group larger than a fold: the test stays honest, the folds uneven
        read = cross_val_predict(_model(), np.asarray(texts, object), is_bad, groups=groups, cv=folds)
    return np.asarray(read == is_bad, np.bool_)
