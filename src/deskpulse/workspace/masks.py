"""What the settings say is masked, as the publisher understands it: events by their declarations, facts by theirs."""

from __future__ import annotations

from pathlib import Path

from deskpulse.facts import FACTS
from deskpulse.metrics.fact import Fact
from deskpulse.settings.privacy import Privacy
from deskpulse.store.masks import UNMASKED, Mask, Masks, event_masks
from deskpulse.store.secret import secret_key

KEY = "mask"
WORDS = ("comment",)
OF_SOURCE = ("customer", "visit", "agent_day")


def masks(privacy: Privacy, root: Path) -> Masks:
    """The masks of every published table."""
    if not (privacy.mask_comments or privacy.mask_names):
        return UNMASKED
    columns = event_masks(words=privacy.mask_comments, names=privacy.mask_names)
    columns |= {f"fact_{fact.name}": found for fact in FACTS.values() if (found := _of(fact, privacy))}
    return Masks(columns=columns, key=secret_key(root, KEY))


def _of(fact: Fact, privacy: Privacy) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for name in fact.columns:
        if privacy.mask_comments and name in WORDS:
            found[name] = "words"
        elif privacy.mask_names and name in OF_SOURCE:
            found[name] = "person_of_source"
        elif privacy.mask_names and (name == "agent" or name.endswith("_agent")):
            found[name] = "person"
    return found
