import numpy as np
import pandas as pd

from geokit.core.assumptions import Spread
from geokit.economics.bands import Band


def ends(band):
    return [float(end) for end in (band.low, band.mode, band.high)]


def test_a_difference_sets_the_ends_against_each_other():
    assert ends(Band.of(10, 11, 13) - Band.of(2, 4, 5)) == [5.0, 7.0, 11.0]


def test_a_sum_adds_end_to_end():
    assert ends(Band.of(1, 2, 3) + Band.of(10, 20, 30)) == [11.0, 22.0, 33.0]


def test_a_product_with_a_negative_end_keeps_its_order():
    assert ends(Band.of(-2, 1, 3) * Band.of(10, 10, 20)) == [-40.0, 10.0, 60.0]


def test_a_quotient_of_positive_figures():
    assert ends(Band.of(10, 20, 40) / Band.of(2, 4, 5)) == [2.0, 5.0, 20.0]


def test_a_divisor_that_may_be_nil_gives_nothing():
    assert np.isnan(ends(Band.of(1, 1, 1) / Band.of(0, 1, 2))).all()


def test_unknown_stays_unknown():
    assert np.isnan((Band.of(1, np.nan, 3) + Band.exact(1.0)).mode)


def test_a_spread_becomes_a_band_and_a_floor_clips_it():
    assert ends(Band.spread(Spread(low=-1.0, mode=0.5, high=2.0)).clip(0.0)) == [0.0, 0.5, 2.0]


def test_columns_round_trip():
    table = pd.DataFrame(Band.of([1.0], [2.0], [3.0]).columns("x_t"))
    assert list(table) == ["x_t_low", "x_t", "x_t_high"]
    assert float(Band.read(table, "x_t").high[0]) == 3.0


def test_where_chooses_row_by_row():
    band = Band.exact([1.0, 1.0]).where(np.array([True, False]), Band.exact(9.0))
    assert list(band.mode) == [1.0, 9.0]
