#!/usr/bin/env python3
"""Writes zones.tsv anew: `./make_zones.py > zones.tsv`.

The data is zone.tab of the Time Zone Database (https://www.iana.org/time-zones, public domain): of each country the first
zone, which is its most populous one but for those below, where the table begins in the west or in the east.
"""

import pathlib
import sys

TABLE = pathlib.Path("/usr/share/zoneinfo/zone.tab")
MOST_PEOPLE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CN": "Asia/Shanghai",
    "MN": "Asia/Ulaanbaatar",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}


def main():
    zones = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, zone)
    zones |= MOST_PEOPLE
    version = TABLE.with_name("tzdata.zi").read_text(encoding="utf-8").splitlines()[0].removeprefix("# version ")
    print(f"# Made by make_zones.py from zone.tab of the Time Zone Database {version} (public domain).")
    print("# country, zone in which most of its people live")
    for country, zone in sorted(zones.items()):
        print(country, zone, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
