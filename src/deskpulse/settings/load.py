"""Reads ``deskpulse.toml``. Every key is checked; errors name file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from deskpulse.errors import UnknownNameError
from deskpulse.settings.contracts import read_contracts
from deskpulse.settings.document import Section, read_document
from deskpulse.settings.goals import read_kpi_targets, read_scorecards
from deskpulse.settings.model import ScheduleRule, Settings, Target, default_settings
from deskpulse.settings.money import read_money
from deskpulse.settings.oidc import read_single_sign_on
from deskpulse.settings.phones import read_phones
from deskpulse.settings.population import read_population
from deskpulse.settings.privacy import read_privacy
from deskpulse.settings.reports import read_mail, read_reports
from deskpulse.settings.sources import read_sources
from deskpulse.settings.surveys import read_surveys
from deskpulse.time.holiday import PublicHolidays, calendar_holidays
from deskpulse.time.schedule import DAYS, MIDNIGHT, Schedule, Windows, joined, parse_windows, weekly
from deskpulse.time.zone import zone_info
from deskpulse.units import parse_duration

WORKSPACE_KEYS = ("name", "zone", "business_clock", "keep_snapshots", "fcr_days")
DAY_GROUPS = {"every_day": DAYS, "weekdays": DAYS[:5], "weekend": DAYS[5:], **{day: (day,) for day in DAYS}}
VALIDITY = ("valid_from", "valid_to")
HOLIDAY_KEYS = ("holidays", "half_days", "holiday_country", "holiday_subdivision", "holiday_calendar")
SCHEDULE_KEYS = ("zone", *DAY_GROUPS, *HOLIDAY_KEYS, *VALIDITY)
CONDITIONS = ("team", "channel", "queue")
TARGET_KEYS = ("metric", "channel", "priority", "within", "clock")
ONE_DAY = timedelta(days=1)
GOALS = ("kpi_targets", "scorecards", "contracts")
PEOPLE = ("privacy", "surveys", "oidc")
DELIVERY = ("mail", "reports", "sources")
HOURS = ("schedules", "schedule_rules")


def load_settings(path: Path) -> Settings:
    """The settings of a file; raises SettingsError.

    Country holidays are looked up when they are first needed: an unknown country shows then.
    """
    document = read_document(path)
    document.only((*HOURS, "workspace", "targets", "phones", "money", "population", *GOALS, *DELIVERY, *PEOPLE))
    workspace = document.section("workspace")
    workspace.only(WORKSPACE_KEYS)
    default = default_settings()
    zone = _zone(workspace, default.zone)
    schedules = _schedules(document.section("schedules"), zone)
    return Settings(
        name=workspace.text("name") or default.name,
        zone=zone,
        business_clock=workspace.choice("business_clock", ("per_moment", "last_schedule"), default.business_clock),
        keep_snapshots=workspace.count("keep_snapshots", default.keep_snapshots),
        fcr_days=workspace.count("fcr_days", default.fcr_days),
        schedules=schedules,
        schedule_rules=_schedule_rules(document.sections("schedule_rules"), schedules),
        targets=_targets(document.sections("targets")),
        phones=read_phones(document),
        money=read_money(document),
        population=read_population(document),
        privacy=read_privacy(document),
        surveys=read_surveys(document),
        kpi_targets=read_kpi_targets(document.sections("kpi_targets")),
        scorecards=read_scorecards(document.section("scorecards")),
        contracts=read_contracts(document.section("contracts")),
        single_sign_on=read_single_sign_on(document),
        mail=read_mail(document),
        reports=read_reports(document.sections("reports")),
        sources=read_sources(document.sections("sources")),
    )


def _zone(section: Section, default: str) -> str:
    zone = section.text("zone") or default
    section.parsed("zone", zone_info, zone)
    return zone


def _schedules(tables: Section, zone: str) -> Mapping[str, Schedule]:
    for name, value in tables.values.items():
        if not isinstance(value, dict):
            tables.fail(name, f"is no table. Write [schedules.{name}] above the schedule's lines.")
    return {name: _schedule(name, tables.section(name), zone) for name in tables.values}


def _schedule(name: str, table: Section, zone: str) -> Schedule:
    table.only(SCHEDULE_KEYS)
    valid_from, valid_to = _validity(table)
    return Schedule(
        name=name,
        zone=_zone(table, zone),
        week=_week(table),
        holidays=frozenset(_holidays(table)),
        half_days=_half_days(table.section("half_days")),
        public_holidays=_public_holidays(table),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _validity(table: Section) -> tuple[date | None, date | None]:
    valid_from, valid_to = table.day("valid_from"), table.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        table.fail("valid_to", f"{valid_to} comes before valid_from = {valid_from}. Exchange them.")
    return valid_from, valid_to


def _week(table: Section) -> tuple[Windows, ...]:
    """Named days go before ``weekdays`` and ``weekend``, these before ``every_day``."""
    days: dict[str, list[str]] = {}
    for key, members in DAY_GROUPS.items():
        if key in table.values:
            texts = table.texts(key)
            table.parsed(key, parse_windows, texts)
            days |= dict.fromkeys(members, texts)
    week = weekly(days)
    if not any(week):
        table.fail(None, 'is never open. Add weekdays = ["09:00-17:30"].')
    return week


def _holidays(table: Section) -> Iterator[date]:
    listed = table.values.get("holidays", [])
    if not isinstance(listed, list):
        table.fail("holidays", 'expects a list. Write ["2026-12-25", "2026-12-24..2027-01-02"].')
    for entry in listed:
        first, _, last = str(entry).partition("..")
        day, end = table.as_day("holidays", first), table.as_day("holidays", last or first)
        if end < day:
            table.fail("holidays", f"'{entry}' ends before it begins. Exchange the dates.")
        while day <= end:
            yield day
            day += ONE_DAY
    if file := table.text("holiday_calendar"):
        yield from table.parsed("holiday_calendar", calendar_holidays, table.path.parent / file)


def _half_days(table: Section) -> Mapping[date, Windows]:
    return {table.as_day(key, key): _half_day(table, key) for key in table.values}


def _half_day(table: Section, key: str) -> Windows:
    windows: Windows = table.parsed(key, parse_windows, table.texts(key))
    if any(window.end > MIDNIGHT for window in windows):
        table.fail(key, "a half day ends by 24:00. Write the hours after midnight under the next date.")
    return joined(windows)


def _public_holidays(table: Section) -> PublicHolidays | None:
    country, subdivision = table.text("holiday_country"), table.text("holiday_subdivision")
    if country is None:
        if subdivision:
            table.fail("holiday_subdivision", 'needs a country. Add holiday_country = "GB".')
        return None
    return PublicHolidays(country=country, subdivision=subdivision, place=table.place("holiday_country"))


def _schedule_rules(tables: tuple[Section, ...], schedules: Mapping[str, Schedule]) -> tuple[ScheduleRule, ...]:
    """The rules as written; without any, an only schedule is everybody's."""
    rules = tuple(_schedule_rule(table, schedules) for table in tables)
    for table, rule in list(zip(tables, rules, strict=True))[:-1]:
        if rule.is_default:
            table.fail(None, "has no conditions, so no rule after it is ever reached. Move it to the end.")
    if not rules and len(schedules) == 1:
        return (ScheduleRule(schedule=next(iter(schedules))),)
    return rules


def _schedule_rule(table: Section, schedules: Mapping[str, Schedule]) -> ScheduleRule:
    table.only(("schedule", *CONDITIONS, *VALIDITY))
    schedule = table.needed("schedule", next(iter(schedules), "office"))
    if schedule not in schedules:
        table.fail("schedule", UnknownNameError("schedule", schedule, schedules))
    valid_from, valid_to = _validity(table)
    return ScheduleRule(
        schedule=schedule,
        team=table.text("team"),
        channel=table.text("channel"),
        queue=table.text("queue"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _targets(tables: tuple[Section, ...]) -> tuple[Target, ...]:
    targets: list[Target] = []
    for table in tables:
        target = _target(table)
        if any(_covers(earlier, target) for earlier in targets):
            table.fail(None, "is never reached: a target above it takes all its tickets. Move it up or remove it.")
        targets.append(target)
    return tuple(targets)


def _target(table: Section) -> Target:
    table.only(TARGET_KEYS)
    seconds = table.parsed("within", parse_duration, table.needed("within", "4h"))
    if seconds < 1:
        table.fail("within", "expects more than nothing, like '4h'.")
    return Target(
        metric=table.choice("metric", ("first_response", "resolution")),
        channel=table.text("channel"),
        priority=table.text("priority"),
        seconds=seconds,
        clock=table.choice("clock", ("calendar", "business"), "calendar"),
    )


def _covers(earlier: Target, later: Target) -> bool:
    same_metric = earlier.metric == later.metric
    return same_metric and earlier.channel in (None, later.channel) and earlier.priority in (None, later.priority)
