import math

import pytest

from geokit.economics.capacity import plant_costs, plant_power, plant_sizes


def costed(change, layers, **cells):
    base = {"capex_usd_per_tpa_mode": 1000.0, "escalation_factor": 1.5, "opex_usd_per_t_mode": 100.0}
    return change(layers, "cost_models", "stage_id", "smelt", **{**base, **cells})


def test_a_capacity_in_product_is_the_output(world, assumptions):
    assert plant_sizes(world.layers, assumptions=assumptions).loc["smelt", "plant_t_per_y"] == 5000.0


def test_a_capacity_in_metal_is_divided_by_the_content(world, change, assumptions):
    layers = change(
        change(world.layers, "stages", "stage_id", "smelt", capacity_basis="t Mm/y"),
        "products",
        "product_id",
        "metal",
        contained_frac_mode=0.5,
    )
    assert plant_sizes(layers, assumptions=assumptions).loc["smelt", "plant_t_per_y"] == 10_000.0


def test_a_capacity_in_another_compound_goes_through_the_factor(world, change, assumptions):
    layers = change(world.layers, "stages", "stage_id", "smelt", capacity_basis="t Mm2O/y")
    assert plant_sizes(layers, assumptions=assumptions).loc["smelt", "plant_t_per_y"] == pytest.approx(4000.0)


def test_a_capacity_in_ore_says_nothing_of_product(world, change, assumptions):
    layers = change(world.layers, "stages", "stage_id", "smelt", capacity_basis="t ore/y")
    assert math.isnan(plant_sizes(layers, assumptions=assumptions).loc["smelt", "plant_t_per_y"])


def test_capital_is_brought_to_the_year_of_the_study(world, change, assumptions):
    row = plant_costs(costed(change, world.layers), assumptions=assumptions).loc["smelt"]
    assert (row["capex_low"], row["capex"], row["capex_high"]) == (1500.0, 1500.0, 1500.0)
    assert (row["opex"], row["cost_note"]) == (100.0, "")


def test_a_plant_half_the_size_costs_more_per_tonne(world, change, assumptions):
    row = plant_costs(costed(change, world.layers), assumptions=assumptions.replace(plant_scale_frac=0.5)).loc["smelt"]
    assert row["capex"] == pytest.approx(1500.0 * 0.5 ** (0.66 - 1.0))
    assert row["capex_low"] == pytest.approx(1500.0)


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"capex_usd_per_tpa_mode": math.nan}, "no capital cost"),
        ({"escalation_factor": math.nan}, "year of the money"),
        ({"opex_usd_per_t_mode": math.nan}, "no operating cost"),
    ],
)
def test_a_missing_cost_is_named(world, change, assumptions, cells, word):
    assert word in plant_costs(costed(change, world.layers, **cells), assumptions=assumptions).loc["smelt", "cost_note"]


@pytest.mark.parametrize("limit", ["mine_included", "mixed"])
def test_a_cost_that_contains_the_mine_never_meets_a_purchased_feed(world, change, assumptions, limit):
    layers = change(costed(change, world.layers), "stages", "stage_id", "smelt", cost_battery_limit=limit)
    row = plant_costs(layers, assumptions=assumptions).loc["smelt"]
    assert math.isnan(row["capex"])
    assert math.isnan(row["opex"])
    assert "more than the plant" in row["cost_note"]


def powered(change, layers, **kwh):
    for name, figure in kwh.items():
        layers = change(layers, "operations", "operation_id", f"smelt-{name[1:]}", energy_kwh_per_t=figure)
    return plant_power(layers)


def test_power_is_the_sum_of_the_sourced_operations_at_the_tariff_of_heavy_industry(world, change):
    row = powered(change, world.layers, n1=3000.0, n2=500.0).loc["smelt"]
    assert [row["power_low"], row["power"], row["power_high"]] == pytest.approx([175.0, 350.0, 700.0])
    assert row["power_source_ids"] == "flo-arc;flo-cast;tar-heavy"


def test_an_operation_whose_energy_nobody_states_adds_nothing_and_cites_nothing(world, change):
    row = powered(change, world.layers, n1=3000.0).loc["smelt"]
    assert row["power"] == pytest.approx(300.0)
    assert row["power_source_ids"] == "flo-arc;tar-heavy"


def test_without_any_sourced_energy_there_is_no_power_figure(world):
    assert plant_power(world.layers).empty


def test_without_a_tariff_of_heavy_industry_power_is_unknown(world, change):
    layers = change(world.layers, "power_tariffs", "tariff_id", "heavy", applies_to="other_industry")
    assert math.isnan(powered(change, layers, n1=3000.0).loc["smelt", "power"])
