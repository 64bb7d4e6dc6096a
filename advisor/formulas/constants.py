"""Conversion constants between units."""

TOKENS_PER_MTOK = 1_000_000
MINUTES_PER_HOUR = 60
SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
HOURS_PER_YEAR = 8_760
HOURS_PER_MONTH = 730
DAYS_PER_MEAN_MONTH = 365 / 12
"""A month of the calendar on average, a twelfth of a year: what the days between two dates are counted in."""
DAYS_PER_RENTED_MONTH = 30.0
"""A month as machines are let: a term of 30 days, whatever the calendar says, paid whole once it is begun."""
GIB = 2.0**30
MONTHS_PER_YEAR = 12
WATTS_PER_KILOWATT = 1_000
