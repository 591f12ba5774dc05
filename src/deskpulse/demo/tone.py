"""Which words fit: openings by topic, later messages and comments by how the customer feels."""

from __future__ import annotations

import numpy as np

from deskpulse.demo.draws import one_of
from deskpulse.demo.phrases import (
    AFTER_RELEASE,
    BAD_COMMENTS,
    GOOD_COMMENTS,
    MIXED_COMMENTS,
    NEGATIVE,
    NEUTRAL,
    OPENINGS,
    POSITIVE,
)
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import TOPICS

OPENING_SIZES = np.array([len(OPENINGS[topic.name]) for topic in TOPICS])
OPENING_STARTS = np.cumsum(OPENING_SIZES) - OPENING_SIZES
RELEASE_START = int(OPENING_SIZES.sum())
LATER_SIZES = np.array([len(NEGATIVE), len(NEUTRAL), len(POSITIVE)])
LATER_STARTS = RELEASE_START + len(AFTER_RELEASE) + np.cumsum(LATER_SIZES) - LATER_SIZES
COMMENT_SIZES = np.array([len(BAD_COMMENTS), len(MIXED_COMMENTS), len(GOOD_COMMENTS)])
COMMENT_STARTS = np.cumsum(COMMENT_SIZES) - COMMENT_SIZES
USUAL_SCORE = 5.0
TONES = np.array([[0.86, 0.12, 0.02], [0.68, 0.27, 0.05], [0.3, 0.5, 0.2], [0.07, 0.28, 0.65], [0.03, 0.08, 0.89]])
"""Shares of bad, mixed and good comments by fifth of the scale: words follow the score, but not to the letter."""


def opening_texts(rng: np.random.Generator, topic: Ints, is_release: Flags) -> Ints:
    """The first message of each ticket, as a place in ``words.TEXTS``."""
    usual = OPENING_STARTS[topic] + (rng.random(len(topic)) * OPENING_SIZES[topic]).astype(np.int64)
    return np.where(is_release, RELEASE_START + rng.integers(0, len(AFTER_RELEASE), len(topic)), usual)


def later_texts(rng: np.random.Generator, expected_score: Numbers) -> Ints:
    """A later message of each ticket: the worse it went so far, the more often an angry one."""
    gap = USUAL_SCORE - expected_score
    angry, glad = np.clip(0.12 + 0.16 * gap, 0.03, 0.75), np.clip(0.15 - 0.1 * gap, 0.02, 0.25)
    tone = one_of(rng, np.stack([angry, 1 - angry - glad, glad], axis=1))
    texts: Ints = LATER_STARTS[tone] + (rng.random(len(tone)) * LATER_SIZES[tone]).astype(np.int64)
    return texts


def comments(rng: np.random.Generator, scores: Numbers, scale: tuple[int, int], share: float) -> Ints:
    """Words for a ``share`` of the answers, as places in ``phrases.COMMENTS``; -1 where nothing was written."""
    fifth = np.clip((scores - scale[0]) / (scale[1] - scale[0]) * 5, 0, 4).astype(np.int64)
    tone = one_of(rng, TONES[fifth])
    text = COMMENT_STARTS[tone] + (rng.random(len(tone)) * COMMENT_SIZES[tone]).astype(np.int64)
    return np.where(rng.random(len(tone)) < share, text, -1)
