"""Derive layers/places/airports.csv from airportsdata.

::

    pip download --no-deps airportsdata==20260905 -d PACKAGES
    python recipes/airports.py PACKAGES

Every airport, air base and airstrip of the country in airportsdata (MIT). The province is that of our own polygons; where the source says
another one, the note says so. Elevations are turned from feet into whole metres; the source itself warns that they are often wrong. Codes
that the source made up for fields without an ICAO location indicator are left blank. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
from packages import read_member
from places import slug

LAYERS = Path(__file__).resolve().parents[1] / "layers"
OUT = LAYERS / "places"
COUNTRY = "PK"
M_PER_FOOT = 0.3048
SUBDIVISIONS = {
    "Azad-Kashmir": "azad-jammu-kashmir", "Balochistan": "balochistan", "FATA": "khyber-pakhtunkhwa",
    "Gilgit-Baltistan": "gilgit-baltistan", "Khyber-Pakhtunkhwa": "khyber-pakhtunkhwa", "Punjab": "punjab", "Sindh": "sindh",
}
"""Words of the source for first-level units; the tribal areas were merged in 2018."""
SOURCE = "airportsdata"
DOUBTS = {
    "OPGD": (
        "low", "the old field; since 20 January 2025 flights use a new airport, whose position the source lacks", "arp-new-gwadar-airport",
    ),
    "OPCL": ("low", "the elevation layer says 1,030 m here", "globe-dem"),
}
"""Rows that we found to mislead, by the source's code: confidence, reason, source of the reason."""
COLUMNS = ["airport_id", "name", "icao", "iata", "city", "province_id", "lat", "lon", "elevation_m", "source_id", "confidence", "note"]


def read_airports(packages: Path) -> pd.DataFrame:
    """Return the airports of the country as text."""
    data = read_member(packages, "airportsdata-20260905", "airportsdata/airports.csv")
    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    return table[table["country"] == COUNTRY].sort_values("icao", ignore_index=True)


def find_province(found: pd.DataFrame, provinces: gpd.GeoDataFrame) -> pd.Series:
    """Return the province of each point, the nearest one for a point off the shore."""
    points = gpd.points_from_xy(found["lon"].astype(float), found["lat"].astype(float), crs="EPSG:4326")
    joined = gpd.GeoDataFrame(geometry=points).to_crs("EPSG:6933").sjoin_nearest(provinces.to_crs("EPSG:6933")[["province_id", "geometry"]])
    return joined[~joined.index.duplicated()].sort_index()["province_id"]


def tabulate(found: pd.DataFrame, province: pd.Series) -> pd.DataFrame:
    """Return the layer, by id."""
    said = found["subd"].map(SUBDIVISIONS)
    doubts = pd.DataFrame([DOUBTS.get(code, ("medium", "", "")) for code in found["icao"]], columns=["confidence", "note", "more"])
    table = found.assign(
        airport_id=found["name"].map(slug), icao=found["icao"].mask(found["icao"].str.contains(r"\d"), ""),
        city=found["city"].str.split().str.join(" "), province_id=province,
        elevation_m=(found["elevation"].astype(float) * M_PER_FOOT).round().astype(int),
        source_id=[";".join(filter(None, [SOURCE, more])) for more in doubts["more"]], confidence=doubts["confidence"],
        note=doubts["note"].mask(said != province, "the source names another province: " + found["subd"]),
    )
    return table[COLUMNS].sort_values("airport_id", ignore_index=True)


def main(packages: Path) -> None:
    """Write the layer."""
    found = read_airports(packages)
    table = tabulate(found, find_province(found, gpd.read_file(LAYERS / "boundaries" / "provinces.geojson")))
    OUT.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUT / "airports.csv", index=False, lineterminator="\n")
    print(f"{len(table)} airports, {(table['iata'] != '').sum()} with an IATA code")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
