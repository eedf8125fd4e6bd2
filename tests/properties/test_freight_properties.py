"""Properties of the voyage formula and of a one-road country, for any prices."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.network.passages import shut_passages
from geokit.network.sea import Voyage, voyage_usd_per_t

FIGURE = st.floats(1.0, 1e4)
SHARE = st.floats(0.0, 0.5)
VOYAGES = st.builds(
    Voyage,
    rate=FIGURE,
    bunker=FIGURE,
    fuel=st.floats(1, 50),
    fuel_port=st.floats(0, 10),
    speed=st.floats(8, 20),
    load_rate=st.floats(500, 2e4),
    disch_rate=st.floats(500, 2e4),
    turn=st.floats(0, 10),
    position=SHARE,
    sea_margin=st.floats(1.0, 1.3),
    port_costs=st.floats(0, 1e6),
    commission=SHARE,
)
LANE = st.floats(0.0, 15000.0)
PARCEL = st.floats(5e3, 8e4)


def freight(nm, voyage, parcel_t, **more):
    return float(voyage_usd_per_t(nm, voyage, parcel_t=parcel_t, **more))


def changed(voyage, **fields):
    return Voyage(**{**voyage.__dict__, **fields})


@given(LANE, LANE, VOYAGES, PARCEL)
def test_freight_is_positive_and_grows_with_distance(near, far, voyage, parcel_t):
    near, far = sorted((near, far))
    assert 0 < freight(near, voyage, parcel_t) <= freight(far, voyage, parcel_t)


@given(LANE, VOYAGES, PARCEL, st.floats(0, 1e6))
def test_dues_are_passed_on_with_the_commission(nm, voyage, parcel_t, dues):
    extra = freight(nm, voyage, parcel_t, dues_usd=dues) - freight(nm, voyage, parcel_t)
    assert np.isclose(extra, dues / parcel_t / (1 - voyage.commission), rtol=1e-6, atol=1e-6)


@given(LANE, VOYAGES, PARCEL)
def test_dearer_hire_fuel_or_ports_and_slower_ships_never_help(nm, voyage, parcel_t):
    base = freight(nm, voyage, parcel_t)
    dearer = [
        {"rate": voyage.rate * 2},
        {"bunker": voyage.bunker * 2},
        {"port_costs": voyage.port_costs + 1},
        {"speed": voyage.speed / 2},
        {"turn": voyage.turn + 1},
    ]
    assert all(freight(nm, changed(voyage, **change), parcel_t) >= base for change in dearer)


@given(LANE, VOYAGES, PARCEL)
def test_a_larger_cargo_in_the_same_ship_never_costs_more_a_tonne(nm, voyage, parcel_t):
    assert freight(nm, voyage, parcel_t * 1.5) <= freight(nm, voyage, parcel_t) + 1e-9


@given(st.lists(LANE, min_size=1, max_size=8), VOYAGES, PARCEL)
def test_arrays_give_what_single_lanes_give(lanes, voyage, parcel_t):
    together = voyage_usd_per_t(np.array(lanes), voyage, parcel_t=parcel_t)
    np.testing.assert_allclose(together, [freight(nm, voyage, parcel_t) for nm in lanes])


EVENT = st.tuples(
    st.sampled_from(["a", "b", "c"]), st.sampled_from(["", "2026-02-01"]), st.sampled_from(["open", "closed", "restricted", "unknown", ""])
)


@settings(max_examples=50)
@given(st.lists(EVENT, max_size=8))
def test_a_passage_is_shut_when_an_event_that_lasts_says_anything_but_open(events):
    table = pd.DataFrame(events, columns=["passage_or_site", "valid_to", "state_code"], dtype=str)
    lasting = {name for name, until, state in events if not until and state not in {"", "open"}}
    assert shut_passages(table) == tuple(sorted(lasting))
