"""Blocks and the clauses that touch them."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.dependency.flowsheet import list_blocks, list_following, touch_blocks
from geokit.dependency.supply import name_vendors


def operations(*rows):
    columns = ["stage_id", "order", "name", "class_id", "block_id", "chinese_share_low", "chinese_share_mode"]
    columns += ["chinese_share_high", "sigma"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(delay_months_low=2.5, delay_months_mode=12.0, delay_months_high=30.0, source_ids="s1;s2")


NAN = float("nan")
FLOW = operations(
    ("smelt", 1.0, "roast", "FURN", "FURN", 0.8, 0.9, 1.0, 0.75),
    ("smelt", 2.0, "reduce", "FURN", "FURN", 0.8, 0.9, 1.0, 0.5),
    ("smelt", 3.0, "cast", "CAST", "CAST", NAN, 0.6, NAN, 1.0),
    ("smelt", 4.0, "clean gas", "GASC", "GASC", NAN, NAN, NAN, 0.5),
)


def tiny(links):
    columns = ["class_id", "clause_id", "item_id", "link", "op_scope"]
    return {
        "operations": FLOW,
        "class_items": pd.DataFrame(links, columns=columns).assign(note="only on Sundays"),
        "items": pd.DataFrame({"item_id": ["i"], "code": [""], "name": ["kiln"], "kind": ["equipment"]}),
        "clauses": pd.DataFrame(
            {"clause_id": ["c", "t"], "instrument_id": "n", "effect": ["licence", "partner_test"], "source_id": "s", "reach": ""}
        ),
        "instruments": pd.DataFrame({"instrument_id": ["n"], "issuer": ["cn"], "number": [""], "title": ["A rule"]}),
    }


def test_operations_of_a_class_are_one_block():
    blocks = list_blocks({"operations": FLOW}).set_index("block_id")
    assert list(blocks.index) == ["FURN", "CAST", "GASC"]
    assert blocks.loc["FURN", "name"] == "roast"


def test_a_block_is_as_hard_to_replace_as_its_hardest_operation():
    assert list_blocks({"operations": FLOW}).set_index("block_id").loc["FURN", "sigma"] == 0.5


def test_a_share_without_bounds_is_its_own_bound_and_an_unknown_one_lies_between_nothing_and_all():
    blocks = list_blocks({"operations": FLOW}).set_index("block_id")
    assert tuple(blocks.loc["CAST", ["s_low", "s", "s_high"]]) == (0.6, 0.6, 0.6)
    assert tuple(blocks.loc["GASC", ["s_low", "s_high"]]) == (0.0, 1.0)
    assert pd.isna(blocks.loc["GASC", "s"])


def test_a_scope_binds_only_its_operation():
    assert len(touch_blocks(tiny([("FURN", "c", "i", "direct", "smelt:2")]))) == 1
    assert touch_blocks(tiny([("FURN", "c", "i", "direct", "smelt:9;other:2")])).empty


def test_a_clause_touches_a_block_once_however_many_operations_it_has():
    assert len(touch_blocks(tiny([("FURN", "c", "i", "direct", "")]))) == 1


@pytest.mark.parametrize(
    ("link", "clause", "counts"),
    [
        ("direct", "c", True),
        ("technology", "c", True),
        ("conditional", "c", False),
        ("product", "c", False),
        ("spillover", "c", False),
        ("direct", "t", False),
    ],
)
def test_what_counts(link, clause, counts):
    table = touch_blocks(tiny([("FURN", clause, "i", link, "")]))
    assert table["counts"].tolist() == [counts]


@pytest.mark.parametrize(("link", "condition"), [("conditional", "only on Sundays"), ("direct", "")])
def test_a_condition_is_carried_along(link, condition):
    assert touch_blocks(tiny([("FURN", "c", "i", link, "")]))["condition"].tolist() == [condition]


@pytest.mark.parametrize("link", ["conditional", "direct"])
def test_what_a_rule_of_a_supplier_country_reaches_stands_before_the_remark_on_any_link(link):
    layers = tiny([("FURN", "c", "i", link, "")])
    layers["clauses"]["reach"] = "only goods of X"
    assert touch_blocks(layers)["condition"].tolist() == ["only goods of X; only on Sundays"]
    layers["class_items"]["note"] = ""
    assert touch_blocks(layers)["condition"].tolist() == ["only goods of X"]


def test_every_tie_of_a_supplier_country_says_what_it_reaches(ties):
    """Supplier dossier, section 0.4 and 4: kit of US origin or with more than 25 % US content; else what leaves the country."""
    reach = ties[~ties["issuer"].isin(["cn", "intl", "pk"])]
    assert reach["condition"].str.startswith("only ").all()
    american = reach[(reach["issuer"] == "us") & (reach["kind"] == "equipment")]
    assert american["condition"].str.startswith("only goods of US origin wherever bought (export or re-export").all()
    unread = reach[reach["item_id"] == "us-ear-pakistan-2024-2b999"]
    assert unread["condition"].str.endswith("; item list not read").all()


def buy(layers, *rows):
    """Return the ties of the real layers where a user names vendors, as class, country and share."""
    table = pd.DataFrame(rows, columns=["class_id", "country", "share"]).assign(stage_id="", chosen=float("nan"), sizes="")
    own = {**layers, "operations": name_vendors(layers["operations"], table)}
    return touch_blocks(own, table)


@pytest.mark.parametrize(
    ("rows", "elsewhere"),
    [
        ([("FLOT", "FI", 1.0)], {"uk", "au", "jp"}),
        ([("FLOT", "China", 1.0)], {"fi", "eu", "uk", "au", "jp"}),
        ([("FLOT", "Finland", 0.5), ("FLOT", "US", 0.5)], {"uk", "au", "jp"}),
        ([("FLOT", "Finland/USA", 1.0)], {"uk", "au", "jp"}),
        ([("FLOT", "Finland", 0.5)], set()),
        ([("FLOT", "United States", 1.0)], {"fi", "eu", "uk", "au", "jp"}),
    ],
)
def test_a_rule_of_a_country_that_no_named_vendor_is_of_lies_elsewhere(layers, rows, elsewhere):
    """Supplier dossier, section 4: with US valves a US line, with Metso valves none but for the US goods that they carry."""
    own = buy(layers, *rows).query("block_id == 'FLOT'")
    assert {"us", "fi"} <= set(own["issuer"])
    assert set(own["issuer"]) > elsewhere
    assert set(own.loc[own["scope"] == "elsewhere", "issuer"]) == elsewhere
    bought = {"US", "USA", "United States"} & {part for _, country, _ in rows for part in country.split("/")}
    open_order = sum(share for *_, share in rows) < 1.0
    american = own[own["issuer"] == "us"]
    assert (american["scope"] == "carried").all() == (not bought and not open_order)
    assert american["counts"].any()


def test_a_rule_follows_goods_only_where_its_clause_says_so(layers):
    """EAR: de minimis and re-export; what leaves the EU, Japan or the UK is bound there alone."""
    following = list_following(layers)
    held = layers["clauses"].merge(layers["instruments"][["instrument_id", "issuer"]], on="instrument_id").set_index("clause_id")
    assert set(held.loc[sorted(following), "issuer"]) == {"us"}
    assert {"us-ear-pakistan-2024-rs", "us-ear-country-chart-cb", "us-ear-744-end-use"} <= following
    assert (held.loc[sorted(following & {"us-ear-pakistan-2024-rs"}), "de_minimis_frac"] == 0.25).all()


def test_an_item_that_a_stated_size_lets_out_stays_out_whoever_sells_it(layers):
    table = pd.DataFrame([("RSX", "China", 1.0)], columns=["class_id", "country", "share"])
    table = table.assign(stage_id="", chosen=float("nan"), sizes="mixing_chamber_volume 20 m3")
    own = touch_blocks({**layers, "operations": name_vendors(layers["operations"], table)}, table).query("block_id == 'RSX'")
    assert set(own.loc[own["code"] == "2B902.d", "scope"]) == {"outside"}
    catch_all = own[own["item_id"] == "cn-2025-62-catch-all-goods"]
    assert catch_all["link"].tolist() == ["conditional"]
    assert "what a stated size lets out" in catch_all["condition"].iloc[0]


def test_what_is_an_inference_from_a_list_says_so(ties):
    row = ties[(ties["stage_id"] == "tungsten-apt") & (ties["clause_id"] == "cn-2025-56-declaration")].iloc[0]
    assert row["condition"].startswith("our inference, in no text: No.56's list of extractants names N235")
    assert not row["counts"]


def test_the_rules_that_enter_the_figures_are_never_elsewhere(layers):
    found = buy(layers, ("RKIL", "Finland", 1.0), ("RSX", "Finland", 1.0))
    assert not (found.loc[found["issuer"] == "cn", "scope"] == "elsewhere").any()


def test_gas_cleaning_of_antimony_is_2b350_from_any_supplier_in_the_regimes(ties):
    """Supplier dossier, sections 2 and 4: row 11, 2B350; a roaster from the UK prints only 2B350."""
    rows = ties[(ties["stage_id"] == "antimony-metal-trioxide") & ties["counts"]]
    assert set(rows.loc[rows["issuer"] == "uk", "code"]) == {"2B350 (AG)"}
    assert {"us", "eu", "uk", "jp", "au"} <= set(rows.loc[rows["code"].str.startswith("2B350"), "issuer"])


def test_acid_purification_of_graphite_is_bound_by_no_item_of_equipment(ties):
    """Controls dossier, sections 0.5 and 2: no entry for acid purification; graphitisation furnaces only on a thermal route."""
    rows = ties[(ties["block_id"] == "GPUR") & (ties["issuer"] == "cn")]
    assert not rows["counts"].any()
    assert "conditional" in set(rows["link"])


def test_an_item_without_a_code_goes_by_its_name_and_an_instrument_without_a_number_by_its_title():
    row = touch_blocks(tiny([("FURN", "c", "i", "direct", "")])).iloc[0]
    assert (row["code"], row["instrument"]) == ("kiln", "A rule")


def test_prohibited_technology_is_a_kind_of_its_own(ties):
    kinds = ties.loc[ties["clause_id"] == "cn-2023-57-prohibited", "kind"]
    assert set(kinds) == {"technology_prohibited"}


def test_no_partner_test_declaration_or_listing_counts_in_the_real_layers(ties):
    assert set(ties.loc[ties["counts"], "effect"]) <= {"licence", "catch_all", "ban", "tech_prohibited", "tech_restricted"}


def test_every_stage_has_blocks(layers):
    assert set(list_blocks(layers)["stage_id"]) == set(layers["stages"]["stage_id"])


@pytest.mark.parametrize(
    "stage",
    [
        "copper-concentrate",
        "copper-cathode-smelter",
        "copper-cathode-sxew",
        "chromite-concentrate",
        "ferrochrome",
        "lead-zinc-concentrate",
        "zinc-lead-metal",
        "barite-ground",
        "graphite-concentrate",
        "gold-dore",
        "magnesia",
    ],
)
def test_no_chinese_clause_counts_where_the_dossier_found_none(ties, stage):
    rows = ties[(ties["stage_id"] == stage) & (ties["issuer"] == "cn")]
    assert not rows["counts"].any()


def test_ionic_clay_kit_is_not_bound_at_a_carbonatite(ties):
    rows = ties[(ties["block_id"] == "RLEA") & (ties["clause_id"] == "cn-2025-56-equipment")]
    assert len(rows)
    assert not rows["counts"].any()


def test_antimony_is_touched_at_its_auriferous_step_alone_and_only_on_a_condition(ties):
    rows = ties[(ties["stage_id"] == "antimony-metal-trioxide") & (ties["issuer"] == "cn")]
    assert set(rows["block_id"]) == {"SBAU"}
    assert set(rows["condition"]) == {"only where the feed carries gold"}
    assert not rows["counts"].any()
