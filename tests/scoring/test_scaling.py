"""Value functions: anchors are met, ends are flat, blanks stay blank."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import check_anchors, scale, scale_concave_exp, scale_exp, scale_piecewise


@pytest.mark.parametrize("anchors", [(0.0, 10.0), (10.0, 0.0)])
def test_a_line_meets_its_anchors_and_is_flat_outside(anchors):
    zero, one = anchors
    beyond = [zero - (one - zero), one + (one - zero)]
    assert scale_piecewise(np.array([zero, 5.0, one, *beyond]), anchors).tolist() == [0.0, 0.5, 1.0, 0.0, 1.0]


@pytest.mark.parametrize("anchors", [(-0.5, 0.3, 1.5), (1.5, 0.3, -0.5)])
def test_a_knee_lies_at_one_half(anchors):
    assert scale_piecewise(np.array(anchors), anchors).tolist() == [0.0, 0.5, 1.0]
    assert scale_piecewise(np.array([0.9]), anchors)[0] == pytest.approx(0.75 if anchors[0] < 0 else 0.25)


def test_exponentials_are_mirror_images():
    x = np.array([0.0, 10.0, 10.0 * np.log(2.0)])
    assert scale_exp(x, 10.0) == pytest.approx([1.0, 1 / np.e, 0.5])
    assert scale_exp(x, 10.0) + scale_concave_exp(x, 10.0) == pytest.approx(1.0)


def test_a_negative_figure_never_leaves_the_scale():
    assert scale_exp(np.array([-3.0]), 10.0)[0] == 1.0
    assert scale_concave_exp(np.array([-3.0]), 10.0)[0] == 0.0


@pytest.mark.parametrize(
    ("shape", "anchors"), [("linear", (0.0, 1.0)), ("piecewise", (0.0, 1.0, 4.0)), ("exp", (5.0,)), ("concave_exp", (5.0,))]
)
def test_a_blank_has_no_value_and_the_array_keeps_its_shape(shape, anchors):
    v = scale(np.array([[np.nan, 0.5], [0.25, np.nan]]), shape, anchors)
    assert np.isnan(v).tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize(
    ("shape", "anchors", "sense"),
    [
        ("linear", (3.0, 3.0), "max"),
        ("piecewise", (0.0, 2.0, 1.0), "max"),
        ("exp", (0.0,), "min"),
        ("concave_exp", (-1.0,), "max"),
        ("linear", (0.0, 1.0), "min"),
        ("piecewise", (3.0, 2.0, 1.0), "max"),
        ("exp", (1.0,), "max"),
        ("concave_exp", (1.0,), "min"),
    ],
)
def test_anchors_that_make_no_value_function_are_refused_with_the_figures(shape, anchors, sense):
    with pytest.raises(AssumptionError, match=f"{anchors[0]}.*{shape}"):
        check_anchors(shape, anchors, sense)
