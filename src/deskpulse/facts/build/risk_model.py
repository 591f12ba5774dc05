"""A logistic regression of departures on support experience, and how well it is calibrated out of sample.

Rows are not weighted by class: a weighted model's probabilities are not those of the world. What the model says is
association: accounts that had such an experience left so often; it does not say that they left because of it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEAST_DEPARTURES = 50
FOLDS = 5
BINS = 10
Floats = npt.NDArray[np.float64]
EXTRA = "scikit-learn is not installed: pip install 'deskpulse[words]'"
NO_SKILL = "support experience does not tell who leaves"


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Out of sample: ``slope`` 1 and ``error`` 0 are perfect."""

    slope: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The probabilities asked for and their calibration, or the reason there are none."""

    risk: Floats | None
    calibration: Calibration | None
    reason: str | None


def learn(features: Floats, left: Floats, accounts: Any, asked: Floats) -> Learned:
    """Fits on account-months, judges on accounts that were not fitted on, and gives the probabilities of ``asked``."""
    departures = int(left.sum())
    if departures < LEAST_DEPARTURES or len(set(accounts)) < 2 * FOLDS:
        return _nothing(f"too little to learn from: {departures} departures, {LEAST_DEPARTURES} needed")
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GroupKFold, cross_val_predict
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError:
        return _nothing(EXTRA)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a feature that never varies in a fold
        apart = cross_val_predict(model, features, left, groups=accounts, cv=GroupKFold(FOLDS), method="predict_proba")[
            :, 1
        ]
        if log_loss(apart, left) >= log_loss(np.full(len(left), left.mean()), left):
            return _nothing(NO_SKILL)
        risk = model.fit(features, left).predict_proba(asked)[:, 1] if len(asked) else np.zeros(0)
    return Learned(risk=risk, calibration=calibration(apart, left), reason=None)


def _nothing(reason: str) -> Learned:
    return Learned(risk=None, calibration=None, reason=reason)


def log_loss(predicted: Floats, seen: Floats) -> float:
    """The mean of -log of the probability given to what happened."""
    p = np.clip(predicted, 1e-12, 1 - 1e-12)
    return float(-np.mean(seen * np.log(p) + (1 - seen) * np.log(1 - p)))


def calibration(predicted: Floats, seen: Floats) -> Calibration:
    """Slope of a logistic regression of what happened on the predicted log-odds (Cox, Biometrika 45 (1958) 562-565),
    and the expected calibration error over ten bins of equal size.
    """
    p = np.clip(predicted, 1e-9, 1 - 1e-9)
    return Calibration(slope=_slope(np.log(p / (1 - p)), seen), error=_error(p, seen))


def _slope(log_odds: Floats, seen: Floats) -> float:
    """By Newton's method, which converges in a few steps on two coefficients."""
    design = np.column_stack([np.ones(len(log_odds)), log_odds])
    coefficients = np.array([0.0, 1.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ coefficients))
        curvature = design.T @ (design * (p * (1 - p))[:, None])
        step = np.linalg.lstsq(curvature, design.T @ (seen - p), rcond=None)[0]
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    return float(coefficients[1])


def _error(predicted: Floats, seen: Floats) -> float:
    bins = np.array_split(np.argsort(predicted, kind="stable"), BINS)
    gaps = [len(rows) * abs(predicted[rows].mean() - seen[rows].mean()) for rows in bins if len(rows)]
    return float(sum(gaps) / len(predicted))
