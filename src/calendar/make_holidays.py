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
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def rows(country):
    try:
        calendar = holidays.country_holidays(country, years=YEARS, language="en_US")
    except NotImplementedError:
        return
    weekend = " ".join(DAYS[day] for day in sorted(calendar.weekend))
    if weekend and weekend != "sat sun":
        yield "weekend", "", weekend
    names = {}
    for date, name in sorted(calendar.items()):
        # What falls on one day, or is kept on another one, is the same holiday.
        name = re.sub(r" \((observed|estimated|substituted from .*|in lieu.*)\)| \((observed|estimated).*\)", "", name.split("; ")[0])
        name = re.sub(r"Day off \(substituted.*", "Day off", name)
        names.setdefault(name, []).append(date)
    for name, dates in names.items():
        yield "off", name, " ".join(map(str, dates))
    working = sorted(day for day in getattr(calendar, "weekend_workdays", ()) if day.year in YEARS)
    if working:
        yield "work", "", " ".join(map(str, working))
        # Each year with make-up working days was announced.
        yield "announced", "", " ".join(map(str, sorted({date.year for date in working})))


def main():
    version = importlib.metadata.version("holidays")
    print(f"# Made by make_holidays.py from the Python package holidays {version} (MIT), {YEARS[0]} to {YEARS[-1]}.")
    print("# country, what (weekend, if not Saturday and Sunday; off; work on a weekend; announced years), name, days")
    for country in sorted(holidays.list_supported_countries(include_aliases=False)):
        if len(country) != 2:
            continue
        for what, name, days in rows(country):
            print(country, what, name, days, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
