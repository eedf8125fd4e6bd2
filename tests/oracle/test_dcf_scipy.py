"""Discounting against independent routes: polynomial roots for the rate."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.economics.dcf import irr, npv


@pytest.mark.parametrize("flows", [[-100.0, 39.0, 59.0, 55.0, 20.0], [-5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [-10.0, 30.0]])
def test_rate_is_the_root_of_the_polynomial(flows):
    roots = np.polynomial.polynomial.polyroots(flows)
    real = [1 / root.real - 1 for root in roots if abs(root.imag) < 1e-9 and root.real > 0]
    assert irr(flows) == pytest.approx(min(real, key=abs), abs=1e-9)


@pytest.mark.parametrize("rate", [-0.2, 0.0, 0.1, 1.5])
def test_value_is_the_polynomial_at_the_discount_factor(rate):
    flows = [-7.0, 2.0, 0.0, 11.0]
    assert npv(rate, flows) == pytest.approx(np.polynomial.polynomial.polyval(1 / (1 + rate), flows))
