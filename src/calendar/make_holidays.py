#!/usr/bin/env python3
"""Writes holidays.tsv anew: `pip install holidays && ./make_holidays.py > holidays.tsv`.

The data comes from the package `holidays` (https://github.com/vacanza/holidays, MIT licence). China's working days on
weekends are those that the State Council has announced; a year without them says so (`announced`). The company's own
days belong in inquiryd.toml, section [calendar]; nothing is written by hand here.
"""

import datetime
import importlib.metadata
import re
import sys

import holidays

YEARS = range(2026, 2031)
# Statutory in most provinces, hence kept, though not in the package's list for the whole country.
KEPT = {"CA": ("government", ["Thanksgiving Day"])}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def plain(name):
    """What is kept on another day, or is estimated, is the same holiday."""
    name = re.sub(r" \((observed|estimated|substituted from .*|in lieu.*)\)| \((observed|estimated).*\)", "", name)
    return re.sub(r"Day off \(substituted.*", "Day off", name)


def rows(country):
    try:
        calendar = holidays.country_holidays(country, years=YEARS, language="en_US")
    except NotImplementedError:
        return
    weekend = " ".join(DAYS[day] for day in sorted(calendar.weekend))
    if weekend and weekend != "sat sun":
        yield "weekend", "", weekend
    names, others = {}, {}
    for date, several in sorted(calendar.items()):
        first, *more = map(plain, several.split("; "))
        names.setdefault(first, []).append(date)
        for name in more:
            others.setdefault(name, []).append(date)
    for name, dates in names.items():
        yield "off", name, " ".join(map(str, dates))
    category, kept = KEPT.get(country, ("public", []))
    if kept:
        more = holidays.country_holidays(country, years=YEARS, language="en_US", categories=category)
        others |= {name: [date for date, found in sorted(more.items()) if found == name] for name in kept}
    for name, dates in others.items():
        yield "kept", name, " ".join(map(str, dates))
    working = sorted(day for day in getattr(calendar, "weekend_workdays", ()) if day.year in YEARS)
    if working:
        yield "work", "", " ".join(map(str, working))
        # Each year with make-up working days was announced.
        yield "announced", "", " ".join(map(str, sorted({date.year for date in working})))


def main():
    version = importlib.metadata.version("holidays")
    print(f"# Made by make_holidays.py from the Python package holidays {version} (MIT), {YEARS[0]} to {YEARS[-1]}.")
    print(
        "# country, what (weekend, if not Saturday and Sunday; off; kept, though the day is off for another reason or not "
        "everywhere; work on a weekend; announced years), name, days"
    )
    for country in sorted(holidays.list_supported_countries(include_aliases=False)):
        if len(country) != 2:
            continue
        for what, name, days in rows(country):
            print(country, what, name, days, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
