"""A small country that is asked again and again: four sites, every deposit, three closures, a partner with a port and one without."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from geokit.study.cases import build_cases
from geokit.study.evaluate import evaluate

ON = dt.date(2026, 11, 22)
SITES = ("port-qasim", "hub-sez", "bostan-sez", "gunga-mine-site")
CLOSURES = ("bolan", "lasbela", "hormuz")
"""A pass, a road between a port and its hinterland, and a passage at sea."""
PARTNERS = ("japan", "turkiye")
PORTLESS = "turkiye"
"""Taken as a partner of which no port is known."""


@pytest.fixture(scope="session")
def small(layers):
    sites, partners = layers["sites"], layers["partners"]
    partners = partners.assign(default_port_id=partners["default_port_id"].mask(partners["partner_id"] == PORTLESS, ""))
    kept = {"sites": sites[sites["site_id"].isin(SITES)], "partners": partners[partners["partner_id"].isin(PARTNERS)]}
    kept |= {name: layers[name][layers[name]["closure_id"].isin(CLOSURES)] for name in ("closures", "closure_events")}
    return dataclasses.replace(layers, tables={**layers.tables, **kept})


@pytest.fixture(scope="session")
def quick(assumptions):
    return assumptions.replace(controls__samples=20, scoring__samples=20)


@pytest.fixture(scope="session")
def change(small):
    """Return the small country with some of its tables exchanged."""
    return lambda **tables: dataclasses.replace(small, tables={**small.tables, **tables})


@pytest.fixture(scope="session")
def ask(small, quick):
    """Evaluate the small country, by default on the day of the layers for both partners."""

    def call(layers=small, *, assumptions=quick, cases=None, **question):
        return evaluate(assumptions, layers=layers, cases=cases or build_cases(layers, **{"on": ON, **question}))

    return call


@pytest.fixture(scope="session")
def plain(ask):
    return ask()
