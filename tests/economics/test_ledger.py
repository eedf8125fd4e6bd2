"""One plant followed from the deposit to its value with a calculator, from the lines that explain prints and nothing else (rule M14)."""

from __future__ import annotations

import re

import numpy as np
import pytest

from geokit.economics import estimate, list_flows
from geokit.outputs.explain_money import tell_money
from geokit.study.records import list_records
from tests.economics.test_own import state

PLANT = ("japan", "port-qasim:ferrochrome")
SPENT = {"low": 500.0, "mode": 650.0, "high": 900.0}


@pytest.fixture(scope="module")
def solve(layers, alternatives, real_hauls, assumptions):
    """Return what values the plants of one site."""
    here = alternatives[alternatives["site_id"].isin(["port-qasim"]) | (alternatives["siting"] == "at_ore")]
    here = here.drop_duplicates("stage_id")

    def solved(assumed=assumptions, **given):
        return estimate(layers, here, real_hauls, assumptions=assumed.replace(finance__draws=50, **given))

    return solved


@pytest.fixture(scope="module")
def lines(solve):
    """Return the lines of the money of one plant, with common blanks and signs."""
    found = solve(finance__opex_usd_per_t={"ferrochrome": SPENT})
    keys = dict(zip(("partner", "alternative"), PLANT, strict=True))
    rows, flows = (list_records(t[(t[list(keys)] == list(PLANT)).all(axis=1)]) for t in (found.table, list_flows(found.cases)))
    return [line.translate({0x202F: ",", 0xA0: " ", 0x2212: "-"}) for line in tell_money(rows, [], flows)]


def read(lines):
    """Return the entries of the ledger by name: what is printed, and what stands behind it."""
    found = [re.fullmatch(r"    ([^:]+): (.+) \[(\w+)(?:: (.+))?\]", line) for line in lines]
    return {one[1]: (one[2], one[3], one[4]) for one in found if one}


def figure(ledger, name):
    return float(ledger[name][0].split(" ")[0])


def test_every_entry_says_what_stands_behind_it(lines):
    ledger = read(lines)
    assert len(ledger) == 43
    assert {mark for _, mark, _ in ledger.values()} == {"evidence", "assumption"}
    assert all(by for _, _, by in ledger.values())
    assert ledger["operating cost"] == ("650 USD/t", "assumption", "finance.opex_usd_per_t.ferrochrome")
    assert ledger["price of the product"][1] == "evidence"
    assert ledger["feed in sight, by year of operation"][1:] == ("evidence", "dep-khanozai-50webs")


def test_a_reader_with_a_calculator_finds_the_value_again(lines, solve):
    """Every number below is read from the printed lines; the arithmetic is written out."""
    ledger = read(lines)
    ask = {name: figure(ledger, name) for name, (text, _, _) in ledger.items() if re.fullmatch(r"-?[\d.]+( .*)?", text)}
    build, delay, life = int(ask["building"]), ask["delay"], int(ask["operation"])
    ramp = [float(share) for share in ledger["output of the first years over full output"][0].split(", ")[:-1]]
    ramp += [1.0] * (life - len(ramp))
    seen = {}
    for span in ledger["feed in sight, by year of operation"][0].removesuffix(" t/y").split(", "):
        years, tonnes = span.split(" ")
        first, last = map(int, years.split("-"))
        seen |= dict.fromkeys(range(first, last + 1), float(tonnes))
    need = ask["feed of a tonne of product"]
    capex = ask["capital cost"] * ask["capacity"] / 1e6 * ask["capital cost over that without controls"]
    unit = ask["price of the feed at the mine gate"] + ask["haul of the feed"]
    cost = ask["freight of the product"] + need * unit + ask["operating cost"]
    losses, bound, tied = [], 0.0, build + delay
    value = -sum(capex / build / (1 + ask["discount rate"]) ** (part * tied / build) for part in range(build))
    for year in range(1, life + 1):
        output = min(ask["capacity"] * ask["output over capacity"] * ramp[year - 1], seen[year] / need)
        sales = output * ask["price of the product"] / 1e6
        earned = sales * (1 - ask["royalty on sales"]) - output * cost / 1e6
        income = earned - (capex / ask["written off over"] if year <= ask["written off over"] else 0.0)
        tax = 0.0
        if year > ask["years without tax"]:
            losses = [(made, left) for made, left in losses if year - made <= ask["losses kept"]]
            rest = max(income, 0.0)
            for place, (made, left) in enumerate(losses):
                used = min(left, rest)
                losses[place], rest = (made, left - used), rest - used
            losses.append((year, max(-income, 0.0)))
            tax = max(ask["tax on income"] * rest, ask["least tax on sales"] * sales)
        needed = ask["working capital over sales"] * sales if year < life else 0.0
        closing = ask["closure over capital cost"] * capex if year == life else 0.0
        value += (earned - tax + bound - needed - closing) / (1 + ask["discount rate"]) ** (tied + year)
        bound = needed
    found = solve(finance__opex_usd_per_t={"ferrochrome": SPENT}).table.set_index(["partner", "alternative"]).loc[PLANT]
    assert value == pytest.approx(found["npv_million_usd"], rel=1e-3)
    assert f"Net present value {found['npv_million_usd']:.1f} million USD" in "\n".join(lines)


def work_price(ledger, what):
    """Return the price of a tonne from the steps behind it: quote x units / ((1 + tax) x rate) / content quoted x paid x content."""
    steps = {name: float(text.split(" ")[0]) for name, (text, _, _) in ledger.items() if re.fullmatch(r"-?[\d.]+( .*)?", text)}
    (quote,) = (name for name in steps if name.startswith(f"quote of the {what},"))
    value = steps[quote] * steps.get(f"units in a tonne of the {what}", 1.0)
    value /= (1.0 + steps.get(f"tax inside the quote of the {what}", 0.0)) * steps.get(f"rate of the quote of the {what}", 1.0)
    value *= steps.get(f"share of it paid to the seller of the {what}", 1.0) * steps.get(f"content paid for in the {what}", 1.0)
    return value / steps.get(f"content that the quote of the {what} is for", 1.0)


def test_the_steps_lead_from_the_quote_and_the_ore_to_the_figures(lines):
    """Figures of the layers, retyped: 1.76 USD/lb Cr, 403.5 USD/t of 42 % with 13 % tax, 930 USD of 2010, 73 kt of ore a year."""
    ledger = read(lines)
    assert ledger["quote of the product, middle of 2021-2025"][0] == "1.76 USD/lb Cr"
    assert figure(ledger, "price of the product") == pytest.approx(1.76 * 2204.6226 * 0.575, rel=1e-6)
    assert ledger["content paid for in the product"][1:] == ("assumption", "feed.content_position_frac")
    assert ledger["quote of the feed, of a near grade, middle of 2016-2026"][0] == "403.5 USD/t incl. 13 % VAT"
    gate = 403.5 / 1.13 / 0.42 * 0.46 - figure(ledger, "haul of the feed to its best buyer")
    assert figure(ledger, "price of the feed at the mine gate") == pytest.approx(gate, rel=1e-6)
    assert figure(ledger, "feed of a tonne of product") == pytest.approx(0.575 / (0.68421 * 0.75 * 0.46), rel=1e-6)
    assert figure(ledger, "capital cost") == pytest.approx(930.0 * 1.58, rel=1e-6)
    place = "Muslim Bagh (Jang Tor Ghar / Saplai Tor Ghar)"
    ore = figure(ledger, f"ore of the first year at {place} (observed)")
    assert ore == 73_000.0
    assert ore / figure(ledger, f"ore for a tonne of feed at {place}") == pytest.approx(54_750.0, rel=1e-6)


def test_the_steps_of_every_stage_lead_to_its_figures(solve, layers):
    """What each ledger prints as price, gate, ratio and capital cost follows from the steps that it prints before it."""
    given = dict.fromkeys(layers["stages"]["stage_id"], SPENT)
    table = solve(finance__opex_usd_per_t=given, finance__plant_scale_frac=0.5).table
    told = table[(table["value_inputs"] != "") & (table["partner"] == "japan")]
    assert len(told) >= 3
    for cell in told["value_inputs"]:
        ledger = read([f"    {entry}" for entry in cell.split("; ")])
        assert figure(ledger, "price of the product") == pytest.approx(work_price(ledger, "product"), rel=1e-5)
        if "haul of the feed to its best buyer" in ledger:
            gate = work_price(ledger, "feed") - figure(ledger, "haul of the feed to its best buyer")
            assert figure(ledger, "price of the feed at the mine gate") == pytest.approx(max(gate, 0.0), rel=1e-4)
        if "recovery" in ledger:
            need = figure(ledger, "content of a tonne of product") / figure(ledger, "content of the product in that of the feed")
            ratio = need / (figure(ledger, "recovery") * figure(ledger, "content of a tonne of feed"))
            assert figure(ledger, "feed of a tonne of product") == pytest.approx(ratio, rel=1e-5)
        if "cost index since then" in ledger:
            size, exponent = figure(ledger, "size over that of the reference plant"), figure(ledger, "exponent of the law of scale")
            cost = figure(ledger, "capital cost of the reference plant") * figure(ledger, "cost index since then")
            counted = "what that capacity counts, in a tonne of product"
            cost *= size ** (exponent - 1.0) * (figure(ledger, counted) if counted in ledger else 1.0)
            assert size == 0.5
            printed = figure(ledger, "capital cost of the reference plant")
            assert np.isclose(layers["cost_models"]["capex_usd_per_tpa_mode"], printed, rtol=1e-6).any(), "as the layer has it"
            assert figure(ledger, "capital cost") == pytest.approx(cost * figure(ledger, "location factor"), rel=1e-5)


def test_what_the_user_states_has_no_steps(solve):
    flat = {"low": 2.0, "mode": 2.0, "high": 3.0}
    given = {
        "price_usd_per_t": {"ferrochrome-hc": flat}, "gate_usd_per_t": {"chromite-concentrate": flat},
        "feed_t_per_t": {"ferrochrome": flat}, "finance__capex_usd_per_tpa": {"ferrochrome": flat}, "supply_t_per_y": {"ferrochrome": flat},
    }  # fmt: skip
    table = solve(finance__opex_usd_per_t={"ferrochrome": SPENT}, **given).table.set_index(["partner", "alternative"])
    ledger = read([f"    {entry}" for entry in table.loc[PLANT, "value_inputs"].split("; ")])
    assert not [name for name in ledger if name.startswith(("quote", "content", "recovery", "ore ", "cost index", "haul of the feed to"))]
    assert ledger["feed of a tonne of product"] == ("2 t", "assumption", "feed.feed_t_per_t.ferrochrome")
    assert ledger["feed in sight, by year of operation"] == ("1-20 2 t/y", "assumption", "feed.supply_t_per_y.ferrochrome")


def test_the_reference_plant_is_not_fed_to_capacity(solve, lines):
    """A plant of 75 kt eats 168 kt of chromite a year, and 55 kt are in sight: it runs at a third, and is worth less than a fed one."""
    row = solve(finance__opex_usd_per_t={"ferrochrome": SPENT}).table.set_index(["partner", "alternative"]).loc[PLANT]
    assert row["feed_first_t_per_y"] == pytest.approx(54_750.0)
    assert row["feed_eaten_t_per_y"] == pytest.approx(75_000.0 * 0.92 * row["feed_t_per_product_t"])
    assert row["feed_share_first_frac"] == pytest.approx(54_750.0 / row["feed_eaten_t_per_y"])
    assert 0.3 < row["utilisation_frac"] < 0.4
    assert row["npv_million_usd"] < row["npv_fed_million_usd"]
    assert row["break_even_supply_t_per_y"] > 54_750.0
    assert row["break_even_opex_usd_per_t"] < row["break_even_opex_fed_usd_per_t"]
    fed = solve(
        finance__opex_usd_per_t={"ferrochrome": SPENT}, supply_t_per_y={"ferrochrome": {"low": 1e6, "mode": 1e6, "high": 1e6}}
    ).table.set_index(["partner", "alternative"]).loc[PLANT]  # fmt: skip
    assert fed["npv_million_usd"] == pytest.approx(row["npv_fed_million_usd"])
    assert any(line.startswith("With the feed in sight it makes 34 % of its full output; fed to capacity") for line in lines)


def test_feed_that_nobody_rates_opens_the_bounds_and_gives_no_figure(solve):
    given = {"copper-cathode-smelter": {"low": 80.0, "mode": 90.0, "high": 100.0}}
    table = solve(finance__opex_usd_per_t=given).table
    rows = table[table["alternative"].str.endswith(":copper-cathode-smelter") & (table["partner"] == "japan")]
    row = rows[rows["missing_inputs"] == "feed by year"].iloc[0]
    assert row["missing_keys"] == "feed.supply_t_per_y.copper-cathode-smelter"
    assert row["npv_million_usd_low"] < 0.0 < row["npv_million_usd_high"]
    assert row[["npv_million_usd", "npv_million_usd_p50", "irr_frac", "utilisation_frac"]].isna().all()
    assert row["npv_million_usd_low"] < row["npv_fed_million_usd"] < row["npv_million_usd_high"]
    assert "No net present value: no count, plan or rule gives a yearly rate of free feed within reach" in row["reason"]


def test_assumptions_alone_value_every_stage_of_the_country(solve, assumptions):
    """Every key that a missing input names is filled, and nothing else: then each plant of each stage has a value."""
    plain = solve().table
    plants = plain[(plain["partner"] == "japan") & ~plain["alternative"].str.match("(export|toll|abroad)")]
    keys = {key for cell in plants["missing_keys"] for key in cell.split("; ") if key}
    full = solve(state(assumptions, keys))
    told = full.table.set_index(["partner", "alternative"]).loc[[("japan", name) for name in plants["alternative"]]]
    assert (told["missing_inputs"] == "").all()
    assert told["npv_million_usd"].notna().all()
    assert (told["value_inputs"] != "").all()
