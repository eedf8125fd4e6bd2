import numpy as np
import pytest

from geokit.economics.balance_table import COLUMNS, lay_balance
from geokit.economics.feed import deposit_stock
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame


def table(layers, assumptions, **more):
    return lay_balance({**layers, **more}, assumptions=assumptions).set_index(["stage_id", "output"])


def test_columns_are_the_declared_ones(world, assumptions):
    assert list(lay_balance(world.layers, assumptions=assumptions)) == [column.name for column in read_columns("balance")] == COLUMNS


def test_ten_per_cent_ore_to_half_metal_concentrate_takes_ten_tonnes(world, assumptions):
    rows = table(world.layers, assumptions)
    assert rows.loc[("mill", "conc"), ["deposit_id", "feed_t_per_t", "mass_pull_frac", "recovery"]].tolist() == ["pit", 10.0, 0.1, 0.5]
    assert rows.loc[("smelt", "metal"), ["deposit_id", "feed_t_per_t", "recovery_assumed"]].tolist() == ["", 2.0, "no"]


def test_the_recovery_follows_from_a_stated_ratio(world, change, assumptions):
    row = table(change(world.layers, "stages", "stage_id", "smelt", input_t_per_t=4.0), assumptions).loc[("smelt", "metal")]
    assert (row["feed_t_per_t"], row["recovery"]) == (4.0, 0.5)
    assert "follows from it" in row["note"]


def test_a_by_product_follows_from_the_assay_and_a_row_of_its_own_deposit_wins(world, assumptions):
    keys = {"by_product_id": "mill:gold", "stage_id": "mill", "by_product": "Au", "constituent": "Au"}
    gold = {**keys, "recovery_frac": 0.5, "per_t_unit": "g/t", "counted": "no"}
    found = {"deposit_id": "pit", "constituent": "Au", "basis": "ore", "grade_value": 2.0, "unit": "g/t"}
    assay = frame("other_grades", found)
    row = table(world.layers, assumptions, by_products=frame("by_products", gold), other_grades=assay).loc[("mill", "Au")]
    assert row["by_product_per_t"] == pytest.approx(10.0)  # 2 g/t x 10 t of ore x one half
    own = {**gold, "by_product_id": "mill:gold:pit", "deposit_id": "pit", "constituent": "", "per_t": 7.0}
    row = table(world.layers, assumptions, by_products=frame("by_products", gold, own), other_grades=assay).loc[("mill", "Au")]
    assert row["by_product_per_t"] == 7.0
    row = table(world.layers, assumptions, by_products=frame("by_products", gold)).loc[("mill", "Au")]
    assert row["note"] == "no assay of Au for the ore"


def test_metal_out_is_never_more_than_metal_in(layers, assumptions):
    """Conservation: content of the product <= factor x content of the feed x tonnes of feed, and recovery never above 1."""
    rows = lay_balance(layers, assumptions=assumptions).query("output_kind == 'product'").dropna(subset=["recovery", "feed_t_per_t"])
    assert len(rows) > 12
    assert (rows[["recovery_low", "recovery", "recovery_high"]] <= 1.0).all(axis=None)
    same = rows[rows["feed_contained_of"] == rows["contained_of"]]
    assert (same["content_frac"] <= same["feed_content_frac"] * same["feed_t_per_t"] * (1 + 1e-9)).all()
    assert np.allclose(rows["mass_pull_frac"] * rows["feed_t_per_t"], 1.0)


def test_two_stages_in_a_row_give_what_the_stock_says(layers, assumptions):
    """Ore to concentrate to metal by the table = product of the deposit by the chain."""
    rows = lay_balance(layers, assumptions=assumptions).query("output_kind == 'product'").set_index(["stage_id", "deposit_id"])
    stock = deposit_stock(layers, assumptions=assumptions).set_index(["stage_id", "deposit_id"])
    chains = (("reko-diq", "copper-concentrate", "copper-cathode-smelter"), ("gunga", "lead-zinc-concentrate", "zinc-lead-metal"))
    for deposit, first, last in chains:
        pull = rows.loc[(first, deposit), "mass_pull_frac"] * rows.loc[[(last, "")], "mass_pull_frac"].max()
        assert stock.loc[(last, deposit), "product_t"] == pytest.approx(stock.loc[(last, deposit), "tonnage_t"] * pull)


def test_by_products_of_the_layers_are_named_and_counted_with_a_price_and_a_charge_alone(layers, assumptions):
    rows = lay_balance(layers, assumptions=assumptions).query("output_kind == 'by_product'")
    counted = layers["by_products"][layers["by_products"]["counted"] == "yes"]
    assert set(counted["by_product_id"]) == {"copper-concentrate:gold:reko-diq", "lead-zinc-concentrate:lead"}
    assert (counted[["price_id", "charge_id"]] != "").all(axis=None)
    assert set(rows.loc[rows["counted"] == "yes", "output"]) == {"Au", "lead-concentrate"}
    assert rows.loc[rows["by_product_per_t"].isna(), "note"].ne("").all()
    gold = rows[(rows["deposit_id"] == "reko-diq") & (rows["output"] == "Au")].iloc[0]
    assert gold["by_product_per_t"] == pytest.approx(297_000 * 31.1034768 / (240_000 / 0.275), rel=0.01)
