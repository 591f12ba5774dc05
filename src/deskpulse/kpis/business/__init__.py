"""KPIs about money."""
