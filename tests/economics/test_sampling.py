"""Joint draws: stated correlations, models of prices, streams that do not move each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import spearmanr

from geokit.economics.bands import Band
from geokit.economics.sampling import draw_price, draw_sight, draw_uniforms
from geokit.economics.states import States, price_factors

ROW = {
    "usd_per_t_low": 500.0, "usd_per_t": 1000.0, "usd_per_t_high": 1100.0, "price_ratio": 0.6, "price_log_vol": 0.2,
    "feed_quote_usd_per_t_low": 50.0, "feed_quote_usd_per_t": 100.0, "feed_quote_usd_per_t_high": 130.0, "feed_ratio": 1.0,
    "feed_log_vol": math.nan,
}  # fmt: skip


def draw(finance, families=("copper",), samples=20_000, **more):
    parts = list(draw_uniforms(families, finance=finance, seed=11, samples=samples, **more))
    return {name: np.concatenate([chunk[name] for _, chunk in parts]) for name in parts[0][1]}


def test_draws_are_uniform_and_never_at_the_end(assumptions):
    for name, drawn in draw(assumptions.finance).items():
        assert 0.0 < drawn.min() < drawn.max() < 1.0, name
        assert abs(drawn.mean() - 0.5) < 0.01, name
        assert np.histogram(drawn, bins=10, range=(0, 1))[0].min() > 1800, name


def test_correlations_are_the_products_of_the_stated_loadings(assumptions):
    loads = {"price": 0.8, "freight": 0.5, "opex": -0.4, "capex": 0.0}
    drawn = draw(assumptions.replace(finance__cycle_loading=loads).finance, families=("copper", "zinc"))
    names = ["price:copper", "price:zinc", "freight", "opex", "capex", "recovery"]
    found = np.corrcoef([ndtri(drawn[name]) for name in names])
    load = np.array([0.8, 0.8, 0.5, -0.4, 0.0, 0.0])
    expected = np.outer(load, load)
    np.fill_diagonal(expected, 1.0)
    assert np.abs(found - expected).max() < 0.03


def test_another_family_moves_no_draw(assumptions):
    alone, both = draw(assumptions.finance, samples=500), draw(assumptions.finance, families=("copper", "zinc"), samples=500)
    assert all((alone[name] == both[name]).all() for name in alone)


@pytest.mark.parametrize("chunk", [1, 13, 500])
def test_chunks_make_no_difference(assumptions, chunk):
    whole, parts = draw(assumptions.finance, samples=500), draw(assumptions.finance, samples=500, chunk=chunk)
    assert all(np.allclose(whole[name], parts[name], rtol=1e-13) for name in whole)


@pytest.fixture(scope="module")
def uniforms():
    rng = np.random.default_rng(2)
    return rng.random(50_000), rng.random(50_000)


def test_a_range_stays_within_its_ends(assumptions, uniforms):
    drawn = draw_price(ROW, "usd_per_t", uniforms, finance=assumptions.finance)
    assert 500.0 <= drawn.min() < drawn.max() <= 1100.0
    assert drawn.mean() == pytest.approx((500 + 1000 + 1100) / 3, rel=0.01)


def test_a_reverting_price_varies_about_today_as_it_does_in_the_long_run(assumptions, uniforms):
    finance = assumptions.replace(finance__price_model="mean_reversion", finance__half_life_years=5.0).finance
    drawn = draw_price(ROW, "usd_per_t", uniforms, finance=finance)
    assert drawn.mean() == pytest.approx(1000.0, rel=0.01)
    assert np.log(drawn).std() == pytest.approx(0.2 / math.sqrt(2 * math.log(2) / 5), rel=0.02)


@pytest.mark.parametrize("stays", [0.0, 0.3, 1.0])
def test_two_regimes_mix_two_levels_by_the_users_chance(assumptions, uniforms, stays):
    finance = assumptions.replace(finance__price_model="two_regimes", finance__regime_stays_frac=stays).finance
    drawn = draw_price(ROW, "usd_per_t", uniforms, finance=finance)
    assert drawn.mean() == pytest.approx(1000.0 * stays + 600.0 * (1 - stays), rel=0.02)


def test_a_price_of_unknown_spread_is_drawn_from_its_range_in_every_model(assumptions, uniforms):
    found = [draw_price(ROW, "feed_quote_usd_per_t", uniforms, finance=assumptions.replace(finance__price_model=name).finance)
             for name in ("range", "two_regimes", "mean_reversion")]  # fmt: skip
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()


def test_a_dearer_draw_stays_a_dearer_draw(assumptions, uniforms):
    for model in ("range", "mean_reversion"):
        drawn = draw_price(ROW, "usd_per_t", uniforms, finance=assumptions.replace(finance__price_model=model).finance)
        assert spearmanr(drawn, uniforms[0]).statistic == pytest.approx(1.0)


def test_states_are_drawn_from_the_kindest_to_the_harshest_with_their_probabilities():
    states = States(
        names=("renewed", "snapback", "lifted"), controls=("suspended", "in_force", "revoked"), probability=np.array([0.6, 0.3, 0.1]),
        delay_months=np.zeros((0, 3, 1)), capex_factor=np.ones((0, 3, 1)),
    )  # fmt: skip
    drawn = states.pick((np.arange(1000) + 0.5) / 1000)
    assert np.bincount(drawn).tolist() == [600, 300, 100]
    assert [states.controls[place] for place in dict.fromkeys(drawn.tolist())] == ["revoked", "suspended", "in_force"]
    assert states.likeliest == 0


def test_prices_of_the_layer_never_fall_from_a_kinder_state_to_a_harsher_one(layers):
    factors = price_factors(layers["price_states"], ("revoked", "suspended", "in_force", "tightened"))
    assert factors
    for name, ends in factors.items():
        assert (np.diff(ends, axis=0) >= 0.0).all(), name


def test_a_state_that_the_layer_does_not_name_leaves_the_price(world):
    layer = world.layers["price_states"].query("state != 'tightened'")
    assert price_factors(layer, ("tightened", "revoked"))["metal"].tolist() == [[1.0, 1.0, 1.0], [0.8, 0.8, 1.0]]


def test_the_feed_of_all_years_is_drawn_by_one_luck_within_its_ends():
    feed = Band.of([[0.0, 0.0, 5.0]], [[0.0, 40.0, 5.0]], [[0.0, 100.0, 5.0]])
    luck = (np.arange(400) + 0.5) / 400
    drawn = draw_sight(feed, 0, luck)
    assert drawn.shape == (400, 3)
    assert (drawn[:, 0] == 0.0).all()
    assert (drawn[:, 2] == 5.0).all()
    assert (np.diff(drawn[:, 1]) > 0.0).all()
    assert 0.0 < drawn[0, 1] < drawn[-1, 1] < 100.0
    assert drawn[:, 1].mean() == pytest.approx(140.0 / 3.0, rel=1e-3)


def test_feed_without_a_spread_is_drawn_once():
    assert draw_sight(Band.exact([[3.0, 4.0]]), 0, np.full(9, 0.3)).tolist() == [[3.0, 4.0]]
