"""The event log of the helpdesk of an Italian software company: a row per activity.

A case is opened by its first row. An activity that moves no status is kept as an internal note, so that the first and
the last event of a case stay what they are in the log. Times carry no zone and are taken as UTC.
"""

from __future__ import annotations

from deskpulse.connectors.mapped import preset_files

MAPPING = """
shape = "event"

[columns]
"Case ID" = "ticket"
Activity = "activity"
Resource = "author"
customer = "customer"
product = "topic"
seriousness_2 = "priority"
service_type = "type"
workgroup = "team"
support_section = "tags"

[columns."Complete Timestamp"]
meaning = "at"
format = ["%Y/%m/%d %H:%M:%S.000", "%Y/%m/%d %H:%M:%S.%f", "iso"]

[activities]
"Insert ticket" = "note"
"Assign seriousness" = "note"
"Take in charge ticket" = "assigned"
"Wait" = "pending"
"Require upgrade" = "on_hold"
"Create SW anomaly" = "on_hold"
"Schedule intervention" = "on_hold"
"Resolve SW anomaly" = "open"
"VERIFIED" = "note"
"RESOLVED" = "note"
"INVALID" = "note"
"DUPLICATE" = "note"
"Resolve ticket" = "solved"
"Closed" = "closed"
"""

CONNECTOR = preset_files("Italian helpdesk event log", "italian_helpdesk", MAPPING)
