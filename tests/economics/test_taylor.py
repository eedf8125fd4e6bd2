import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.economics.bands import Band
from geokit.economics.taylor import long_rate, mine_rate, taylor_rate

TONNES = st.floats(min_value=1e4, max_value=1e10)


def test_a_body_of_ten_thousand_tonnes_to_the_fourth_lasts_two_years():
    """Taylor: 0.2 x 10,000^0.25 = 2 years; 1e8 t last 0.2 x 100 = 20 years."""
    assert 1e4 / taylor_rate(1e4) == pytest.approx(2.0)
    assert 1e8 / taylor_rate(1e8) == pytest.approx(20.0)


@pytest.mark.parametrize(("method", "elasticity"), [("open_pit", 0.65), ("underground", 0.56)])
def test_the_elasticities_are_those_that_long_prints(method, elasticity):
    """Long 2009, abstract: 0.65 for open pits and block caves, 0.56 for all other underground mines."""
    assert np.log(long_rate(1e9, method) / long_rate(1e6, method)) / np.log(1e3) == pytest.approx(elasticity, abs=0.005)


def test_a_planned_mine_lies_near_the_rules():
    """Reko Diq: 3,040 million t, plan 45 and then 90 million t a year; the rules say 45 to 78."""
    rate = mine_rate(Band.exact([3.04e9]), ["open_pit"])
    assert rate.low[0] < 60e6 < rate.high[0]
    assert 45e6 < rate.mode[0] < 90e6


@given(tonnes=TONNES, kind=st.sampled_from(["open_pit", "underground", "either"]))
def test_rates_are_in_order_and_never_more_than_the_body(tonnes, kind):
    rate = mine_rate(Band.of([tonnes / 2], [tonnes], [tonnes * 2]), [kind])
    assert 0 < rate.low[0] <= rate.mode[0] <= rate.high[0] <= 2 * tonnes
    assert rate.mode[0] <= tonnes


@given(small=TONNES, factor=st.floats(min_value=1.0, max_value=100.0))
def test_a_larger_body_is_mined_faster_and_lasts_longer(small, factor):
    less, more = (taylor_rate(one) for one in (small, small * factor))
    assert more >= less
    assert small * factor / more >= small / less * (1 - 1e-12)


@pytest.mark.parametrize("kind", ["pods", "", "placer"])
def test_no_rule_holds_for_a_cluster_of_pods(kind):
    assert np.isnan(mine_rate(Band.exact([1e6]), [kind]).mode).all()
