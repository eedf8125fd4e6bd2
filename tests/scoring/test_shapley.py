"""Shares of a change: published and obvious games, and the sum that must come out."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring.shapley import EXACT, share_change


def test_the_gloves():
    """Shapley's gloves: one left glove and two right ones; a pair is worth 1, so 4/6 go to the left, 1/6 to each right."""
    parts = share_change(lambda made: float("left" in made and len(made) > 1), ["left", "right", "other"])
    assert {key: float(part) for key, part in parts.items()} == pytest.approx({"left": 4 / 6, "right": 1 / 6, "other": 1 / 6})


def test_the_airport():
    """Littlechild and Owen (1973): a runway costs as its largest user needs; 1, 2 and 3 for three users."""
    needs = {"small": 1.0, "middle": 2.0, "large": 3.0}
    parts = share_change(lambda made: max((needs[one] for one in made), default=0.0), list(needs))
    assert [float(part) for part in parts.values()] == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1])


def test_changes_that_only_add_keep_their_own():
    adds = {"a": np.array([1.0, 0.0]), "b": np.array([2.0, -1.0])}
    parts = share_change(lambda made: sum((adds[one] for one in made), np.zeros(2)), ["a", "b"])
    for key, part in adds.items():
        assert parts[key] == pytest.approx(part)


@pytest.mark.parametrize("count", [3, EXACT, EXACT + 3])
def test_the_parts_add_up_and_each_combination_is_asked_once(count):
    keys, asked, rng = [f"k{number}" for number in range(count)], [], np.random.default_rng(2)
    matrix = rng.random((count, count))

    def worth(made):
        asked.append(made)
        flags = np.array([key in made for key in keys], dtype=float)
        return np.array([flags @ matrix @ flags, flags.sum() ** 3])

    parts = share_change(worth, keys)
    assert sum(parts.values()) == pytest.approx(worth(frozenset(keys)) - worth(frozenset()))
    assert len(asked[:-2]) == len(set(asked[:-2]))


def test_some_orders_come_near_all_orders():
    keys = [f"k{number}" for number in range(EXACT + 1)]
    sizes = {key: float(number) for number, key in enumerate(keys)}
    parts = share_change(lambda made: sum(sizes[one] for one in made) ** 2, keys, orders=400)
    total = sum(sizes.values())
    assert [float(parts[key]) for key in keys] == pytest.approx([sizes[key] * total for key in keys], abs=30)


def test_no_change_has_no_parts():
    assert share_change(lambda _: 1.0, []) == {}
