"""A survey as a piece of an e-mail: buttons that are links, styled as mail programs understand it."""

from __future__ import annotations

from html import escape

from deskpulse.settings.surveys import Survey

LINK = "{{survey_link}}"
"""What a template of the helpdesk puts the link of each message in place of."""

BUTTON = (
    "display:inline-block;min-width:28px;padding:10px 6px;border:1px solid #1f5fbf;border-radius:8px;"
    "color:#1f5fbf;font:bold 16px Arial,sans-serif;text-align:center;text-decoration:none"
)
MUTED = "color:#57606a;font:13px Arial,sans-serif"


def survey_mail(survey: Survey, url: str = LINK) -> str:
    """HTML with a button for each answer. A button opens the page with its score chosen, to be sent from there."""
    link = escape(url) if url != LINK else url
    cells = "\n".join(
        f'    <td style="padding:0 4px 4px 0"><a href="{link}?score={score}" style="{BUTTON}">{score}</a></td>'
        for score in survey.scores
    )
    return f"""\
<table role="presentation" cellpadding="0" cellspacing="0" border="0" lang="{escape(survey.language)}">
  <tr><td colspan="{len(survey.scores)}" style="padding:0 0 12px 0;color:#161b22;font:bold 16px Arial,sans-serif">
    {escape(survey.question)}</td></tr>
  <tr>
{cells}
  </tr>
  <tr><td colspan="{len(survey.scores)}" style="padding:8px 0 0 0;{MUTED}">
    {survey.low}: {escape(survey.lowest)} · {survey.high}: {escape(survey.highest)}</td></tr>
</table>
"""
