"""The settings file a new workspace begins with."""

from __future__ import annotations

import json

from deskpulse.settings.model import default_settings

TEXT = """\
# Settings of this workspace. Lines that begin with '#' are examples: remove the '#' and edit.

[workspace]
name = {name}
zone = {zone}                       # days, weeks and months of charts; any IANA zone, like "Europe/London"
business_clock = "{business_clock}"      # or "last_schedule": the whole ticket by the schedule it ended with
keep_snapshots = {keep_snapshots}
fcr_days = {fcr_days}                         # solved at first contact: no other contact for so many days

# Business hours. Several windows a day, up to "24:00"; "22:00-06:00" runs over midnight.
# [schedules.office]
# zone = "Europe/London"             # the workspace's zone when left out
# weekdays = ["09:00-12:30", "13:00-17:30"]
# friday = ["09:00-15:00"]           # a named day goes before weekdays, weekend and every_day
# holidays = ["2026-12-25", "2026-12-27..2027-01-02"]
# half_days = {{ "2026-12-24" = ["09:00-12:00"] }}
# holiday_country = "GB"             # public holidays by ISO code
# holiday_subdivision = "ENG"
# holiday_calendar = "holidays.ics"  # whole-day events of an iCalendar file beside this one
# valid_from = 2026-01-01            # first and last day it applies; closed on all others
# valid_to = 2026-12-31

# [schedules.always]
# every_day = ["00:00-24:00"]

# Who works by which schedule, from the top: the first rule that fits counts. One without conditions fits all.
# [[schedule_rules]]
# schedule = "always"
# channel = "phone"                  # also: team, queue, valid_from, valid_to

# [[schedule_rules]]
# schedule = "office"

# Targets, from the top: the first that fits counts.
# [[targets]]
# metric = "first_response"          # or "resolution"
# channel = "email"                  # also: priority
# within = "4h"
# clock = "business"                 # or "calendar"

# Phones: a call should be answered within so many seconds; one given up sooner than the short time is told apart.
# [phones]
# service_level_seconds = 20
# short_abandon_seconds = 5

# [[phones.queues]]                  # a queue with thresholds of its own
# queue = "emergency"
# service_level_seconds = 10

# Money: amounts are shown in one currency; months are those of the workspace's zone.
# [money]
# currency = "USD"                   # ISO 4217
# gross_margin = 0.8                 # what is left of revenue after delivering it, for a customer's lifetime value
# discount_rate = 0.1                # what money loses in worth per year, for the same
# lifetime_cap_months = 60           # the longest life that is added up

# [[money.rates]]                    # what one unit was worth in the account's currency, from that day on
# currency = "EUR"
# valid_from = 2026-01-01
# rate = 1.0842

# The make-up of all customers: csat:weighted and nps:weighted weigh the answers to it (also type, topic, priority).
# [population.channel]
# email = 60                         # shares, percentages or counts
# chat = 40

# A system that is read over its API; `deskpulse connect zendesk` writes this. Secrets never stand here.
# [[sources]]
# name = "zendesk"
# connector = "zendesk"              # deskpulse connect --list
# every = "15m"                      # how often deskpulse serve reads it
# keep_pages_days = 365              # how long pages are kept as they came; for ever when left out
# options = {{ subdomain = "acme", email = "admin@example.com" }}

# A survey of your own: deskpulse survey create --kind csat --name after-solve
# [surveys.after-solve]
# kind = "csat"                      # or "nps", "ces2"
# scale = "1-5"                      # also "0-1", "1-3", "1-7", "1-10"
# question = "How satisfied are you with the help you got?"
# thanks = "Thank you!"              # also: lowest, highest, comment, send, change
# language = "de"                    # the words that are not written here: en, de
# expires_days = 30                  # how long a link can be answered
# throttle_days = 30                 # nobody is asked twice within so many days

# [privacy]
# mask_names = true                  # customers and agents appear under pseudonyms
# mask_comments = true               # subjects, messages and comments are read by the models and shown nowhere
# keep_text = false                  # they are not stored at all

# What a KPI should be, from the top: the first that fits counts. Judged by the interval, never by the bare value.
# [[kpi_targets]]
# kpi = "csat"                       # also: variant, statistic, clock
# channel = "email"                  # also: team, priority, partner, type, valid_from, valid_to
# at_least = 0.85                    # or "85 %"; also: at_most = "4h", between = [0.70, 0.85]

# KPIs that are looked at together, nine at most: deskpulse report --scorecard board
# [scorecards.board]
# title = "For the board"
# goal = "Customers stay because they are helped well."
# kpis = ["csat", "first_response_time", "reopen_rate"]
# compare = "last_year"              # or "previous", "none"

# What an outsourcing partner promised: deskpulse contract acme --period last-month
# [contracts.acme]
# partner = "Acme"
# currency = "EUR"
# monthly_fee = 20000
# credit_cap = "15 %"                # of the month's fee

# [[contracts.acme.lines]]
# kpi = "csat"
# at_least = 0.85
# weight = 2                         # its part of the score
# least_n = 100                      # fewer are not judged
# credit = "5 %"                     # of the month's fee, due back when it is missed

# Single sign-on by OpenID Connect. The client's secret: DESKPULSE_OIDC_SECRET in the environment, or
# 'keyring set deskpulse-oidc CLIENT_ID'. The provider sends people back to https://.../oidc/return.
# [oidc]
# issuer = "https://login.example.com"
# client_id = "deskpulse"
# title = "Example login"            # the words of the link on the sign-in page
# new_accounts = "viewer"            # else only people whose e-mail address an admin has added get in

# Mail for reports. The password: DESKPULSE_MAIL_PASSWORD in the environment, or 'keyring set deskpulse USER'.
# [mail]
# host = "smtp.example.com"
# encryption = "starttls"            # port 587; or "tls" (465), "none" (25); port = ... says another
# from = "Support <kpi@example.com>"
# user = "kpi"
# address = "https://support.example.com"  # where the dashboard answers, for links in reports

# Reports that are sent by 'deskpulse serve', or from cron by 'deskpulse run-due'.
# [[reports]]
# name = "weekly"
# scorecard = "board"                # the default one when left out
# period = "last-week"
# every = "monday 08:00"             # also: day, weekday, weekend, "monday, thursday", month, quarter
# formats = ["pdf", "xlsx"]          # also: html (as the mail itself), md, json
# to = ["lead@example.com", "$CHAT"]  # $CHAT: a variable with an Apprise URL (Slack, Teams, web hook...)
# where = ["partner=Acme"]
# zone = "Europe/London"             # the workspace's when left out
# language = "de"                    # English when left out
"""


def template(*, name: str = "Support", zone: str = "UTC") -> str:
    """The text of a commented ``deskpulse.toml`` with the default settings."""
    quoted = {"name": json.dumps(name, ensure_ascii=False), "zone": json.dumps(zone)}  # JSON's quoting is TOML's
    return TEXT.format(**{**vars(default_settings()), **quoted})
