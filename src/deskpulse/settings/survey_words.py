"""What surveys say where the settings do not, by language.

Sources of the wordings: Reichheld, Harvard Business Review 81 (2003) 12, for the recommendation; Dixon, Toman and
DeLisi, The Effortless Experience (2013), for ease.
"""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = "en"
OF_PAGE = ("comment", "send", "thanks", "change")
OF_KIND = ("question", "lowest", "highest")

WORDS: Mapping[str, Mapping[str, str]] = {
    ENGLISH: {
        "comment": "Would you like to tell us more?",
        "send": "Send",
        "thanks": "Thank you. Your answer has been recorded.",
        "change": "Change the answer",
        "csat.question": "How satisfied are you with the help you got?",
        "csat.lowest": "Very dissatisfied",
        "csat.highest": "Very satisfied",
        "nps.question": "How likely are you to recommend us to a friend or colleague?",
        "nps.lowest": "Not at all likely",
        "nps.highest": "Extremely likely",
        "ces2.question": "The company made it easy for me to handle my issue.",
        "ces2.lowest": "Strongly disagree",
        "ces2.highest": "Strongly agree",
    },
    "de": {
        "comment": "Möchten Sie uns mehr dazu sagen?",
        "send": "Senden",
        "thanks": "Vielen Dank. Ihre Antwort ist gespeichert.",
        "change": "Antwort ändern",
        "csat.question": "Wie zufrieden sind Sie mit der Hilfe, die Sie bekommen haben?",
        "csat.lowest": "Sehr unzufrieden",
        "csat.highest": "Sehr zufrieden",
        "nps.question": "Wie wahrscheinlich ist es, dass Sie uns Freunden oder Kollegen weiterempfehlen?",
        "nps.lowest": "Äußerst unwahrscheinlich",
        "nps.highest": "Äußerst wahrscheinlich",
        "ces2.question": "Das Unternehmen hat es mir leicht gemacht, mein Anliegen zu klären.",
        "ces2.lowest": "Stimme gar nicht zu",
        "ces2.highest": "Stimme voll und ganz zu",
    },
}


def usual_words(kind: str, language: str) -> Mapping[str, str]:
    """What a survey of a kind says in a language, as far as it is known."""
    known = WORDS.get(language, {})
    of_kind = {name: known[key] for name in OF_KIND if (key := f"{kind}.{name}") in known}
    return {name: known[name] for name in OF_PAGE if name in known} | of_kind
