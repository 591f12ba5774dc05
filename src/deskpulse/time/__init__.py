"""Clocks and calendars: zones, schedules, business time and periods. Instants are naive datetimes in UTC."""
