"""ServiceNow's log of incidents: a row per update, with the whole incident as it stood after it.

Choices, since the log leaves them open:

- An incident is resolved when, and only if, ``resolved_at`` says so; a row in state Resolved before it is no solve, and
  the state before that row lasts until then (61 incidents of the published log wait longer so). Where the count of
  reopenings grows, it had been solved: incident 0011848 has a first solve and no last one.
- ``reassignment_count`` decides what is a reassignment: where it grows the team changed, even if the log does not show
  it: a team the log does not name is ``unknown``; where the team before is the team after, it went to one that is
  ``unrecorded`` and came back, which are two changes.
- ``made_sla`` is taken from every row. Times are in minutes: of several verdicts in the last minute the first row's is
  the last word, so that "by the last row" means the first row with the latest ``sys_updated_at`` (63.48 %). With the
  update counter as the tie-break the last verdict of every incident is its worst one (63.42 %).
- Agents are ``assigned_to``: ids of who updated a row are of another list and include automations.
"""

from __future__ import annotations

from deskpulse.connectors.mapped import preset_files

MAPPING = """
shape = "event"
null = ["?", ""]

[columns]
number = "ticket"
reassignment_count = "reassignment_count"
reopen_count = "reopen_count"
sys_mod_count = "seq"
made_sla = "target_met"
caller_id = "customer"
contact_type = "channel"
category = "topic"
priority = "priority"
assignment_group = "team"
assigned_to = "assignee"
opened_at = { meaning = "created_at", format = ["%d/%m/%Y %H:%M", "iso"] }
sys_updated_at = { meaning = "at", format = ["%d/%m/%Y %H:%M", "iso"] }
resolved_at = { meaning = "solved_at", format = ["%d/%m/%Y %H:%M", "iso"] }

[columns.incident_state]
meaning = "status"
[columns.incident_state.values]
New = "new"
Active = "open"
"In Progress" = "open"
"Awaiting User Info" = "pending"
"Awaiting Vendor" = "on_hold"
"Awaiting Problem" = "on_hold"
"Awaiting Evidence" = "on_hold"
"On Hold" = "on_hold"
Resolved = "solved"
Closed = "closed"
"""

CONNECTOR = preset_files("ServiceNow incident event log", "servicenow", MAPPING)
