"""One family of errors: each message says what is wrong, which thing, and what to type."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial

from deskpulse.language import composed, declared


class DeskpulseError(Exception):
    """Something the user can mend; its text is shown without a traceback (exit code 1).

    ``values`` are filled into the text (``%(name)s``) as ``composed`` does, so that it can be told in any language.
    """

    def __init__(self, text: str = "", /, **values: object) -> None:
        super().__init__(composed(text, **values) if values else text)

    def __str__(self) -> str:
        """The text as it was given: a composed one can still be written in another language."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else super().__str__()


class UnknownNameError(DeskpulseError):
    """A name that is not in the catalogue, with the nearest one that is."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        near = get_close_matches(name, self.known, n=1)
        if near:
            hint = composed("Did you mean '%(name)s'?", name=near[0])
        else:
            hint = composed("Known: %(names)s.", names=", ".join(self.known) or "none")
        kind = partial(declared, what)
        super().__init__(composed("No %(what)s is called '%(name)s'. %(hint)s", what=kind, name=name, hint=hint))


class DeclarationError(DeskpulseError):
    """A KPI, fact or event table that is declared in a way that cannot work; raised at load."""


class SettingsError(DeskpulseError):
    """A setting that cannot be understood, with its file, line and key."""


class QuestionError(DeskpulseError):
    """A question that cannot be answered as asked."""


class ChangedError(QuestionError):
    """A question that goes on from an answer that holds no longer."""


class MissingError(QuestionError):
    """Something asked about by name that is not there, or that whoever asks may not see."""


class InputError(DeskpulseError):
    """A file or mapping that cannot be read."""


class WorkspaceError(DeskpulseError):
    """A workspace that is missing, locked, corrupt or of another format."""


class BusyError(WorkspaceError):
    """A workspace that another process is writing: the same will work later."""


class NotAskedError(DeskpulseError):
    """A customer who is not to be sent a survey now."""


class AccessError(DeskpulseError):
    """Something the one who asks may not see or do."""


class SignInError(DeskpulseError):
    """A name, password, link or token that is not good; the message never says which of them it was."""


class DeliveryError(DeskpulseError):
    """A report that could not be sent; it is tried again."""


class SourceError(DeskpulseError):
    """A source that cannot be reached, or does not do what it should; what was read of it is kept."""


class RefusedError(SourceError):
    """A source that does not accept the access, or not for what is asked."""
