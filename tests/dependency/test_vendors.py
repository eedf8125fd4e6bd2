"""A user's vendor list from the file to the figures."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.codes import Track
from geokit.core.errors import LayerError
from geokit.dependency import assess
from geokit.dependency.vendors import read_vendors

HEAD = "stage_id,class_id,vendor,country,share,chosen"


@pytest.fixture
def read(tmp_path, layers):
    def written(*rows, head=HEAD):
        path = tmp_path / "vendors.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf8")
        return read_vendors(path, layers)

    return written


@pytest.fixture
def refused(read):
    def told(*rows, head=HEAD):
        with pytest.raises(LayerError) as error:
            read(*rows, head=head)
        return error.value.problems

    return told


def test_a_list_is_read_as_figures(read):
    found = read("tungsten-apt,WAPT,Alpha,AT,,1", ",DEWA,Beta,Finland,0.5,")
    assert found["stage_id"].tolist() == ["tungsten-apt", ""]
    assert found["chosen"].tolist()[0] == 1.0
    assert found["share"].tolist()[1] == 0.5
    assert found[["share", "chosen"]].isna().sum().sum() == 2


def test_columns_that_may_be_blank_may_be_absent(read):
    found = read("WAPT,Alpha,AT,1", head="class_id,vendor,country,chosen")
    assert found["stage_id"].tolist() == [""]
    assert found["share"].isna().all()


@pytest.mark.parametrize(
    ("row", "column", "rule", "remedy"),
    [
        ("tungsten-apt,WATP,Alpha,AT,,1", "class_id", "names 'WATP'", "WAPT"),
        ("tungsten-atp,WAPT,Alpha,AT,,1", "stage_id", "names 'tungsten-atp'", "tungsten-apt"),
        ("tungsten-apt,WAPT,Alpha,AT,1.2,", "share", "is outside 0 to 1", "correct the figure"),
        ("tungsten-apt,WAPT,Alpha,AT,-0.1,", "share", "is outside 0 to 1", "correct the figure"),
        ("tungsten-apt,WAPT,Alpha,AT,,2", "chosen", "is outside 0 to 1", "correct the figure"),
        ("tungsten-apt,WAPT,Alpha,AT,,0.5", "chosen", "is not a whole number", "without decimals"),
        ("tungsten-apt,WAPT,Alpha,AT,half,", "share", "is not a number", ""),
        ("tungsten-apt,WAPT,Alpha,Chnia,,1", "country", "is no country", "China"),
        ("tungsten-apt,WAPT,Alpha,ZH,,1", "country", "is no country", ""),
        ("tungsten-apt,WAPT,,AT,,1", "vendor", "is blank but required", "fill it in"),
        ("tungsten-apt,WAPT,Alpha,AT,,", "share, chosen", "says neither", "give one of the two"),
        ("tungsten-apt,WAPT,Alpha,AT,0.5,1", "share, chosen", "both", "give one of the two"),
        ("tungsten-apt,RSX,Alpha,AT,,1", "class_id", "is no technique class of tungsten-apt", "DEWA, WAPT"),
        ("tungsten-apt,WAPT,Alpha,AT,,0", "chosen", "has no chosen vendor", "set chosen to 1"),
    ],
)
def test_each_slip_is_told_with_its_place_and_remedy(refused, row, column, rule, remedy):
    problem = next(one for one in refused(row) if one.column == column)
    assert (problem.file, problem.row) == ("vendors.csv", 2)
    assert rule in problem.rule
    assert remedy in problem.remedy


def test_shares_of_a_class_may_not_go_beyond_one(refused):
    (problem,) = refused(",WAPT,Alpha,AT,0.7,", ",WAPT,Beta,CN,0.4,")
    assert (problem.value, problem.row, problem.column) == ("1.1", 2, "share")


def test_a_share_above_one_is_told_once(refused):
    (problem,) = refused(",WAPT,Alpha,AT,1.7,")
    assert problem.rule == "is outside 0 to 1"


def test_stages_have_sums_of_their_own(read):
    assert len(read("lithium-hydroxide,DEWA,Alpha,AT,0.7,", "tungsten-apt,DEWA,Beta,CN,0.4,")) == 2


def test_a_vendor_stands_once_in_a_class(refused):
    (problem,) = refused(",WAPT,Alpha,AT,0.2,", ",WAPT,Alpha,AT,0.2,")
    assert problem.row == 3
    assert "repeats the key of row 2" in problem.rule


def test_shares_and_choices_do_not_mix(refused):
    (problem,) = refused(",WAPT,Alpha,AT,0.2,", ",WAPT,Beta,CN,,1")
    assert "rows with share and rows with chosen" in problem.rule


def test_all_problems_come_at_once(refused):
    found = refused("tungsten-atp,WATP,Alpha,Chnia,7,", ",DEWA,,AT,,", ",DEWA,Beta,XX,,1")
    assert {(one.row, one.column) for one in found} >= {
        (2, "stage_id"), (2, "class_id"), (2, "country"), (2, "share"), (3, "vendor"), (3, "share, chosen"), (4, "country"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "rule"),
    [("klass,vendor,country,chosen", "is a required column and absent"), ("class_id,vendor,chosen", "is blank but required")],
)
def test_strange_and_absent_columns_are_told(refused, head, rule):
    assert rule in {one.rule for one in refused(",".join("1" for _ in head.split(",")), head=head)}


def test_a_row_may_state_sizes_alone_and_then_names_nobody(read):
    found = read("ree-mixed-carbonate,RKIL,diameter 6 m; length 110 m", head="stage_id,class_id,sizes")
    assert found.loc[0, ["stage_id", "vendor", "country", "sizes"]].tolist() == [
        "ree-mixed-carbonate", "", "", "diameter 6 m; length 110 m",
    ]  # fmt: skip
    assert found[["share", "chosen"]].isna().all().all()


@pytest.mark.parametrize(
    ("sizes", "value", "rule", "remedy"),
    [
        ("diameter 6", "diameter 6", "is no size with a value and a unit", "diameter 6 m"),
        ("diameter six m", "diameter", "is no size with a value and a unit", "semicolon"),
        ("width 6 m", "width 6 m", "is no parameter", "diameter, length, nickel"),
        ("diameter 6000 mm", "diameter 6000 mm", "has another unit", "write it in m"),
        ("diameter 6 m; diameter 7 m", "diameter 7 m", "stands twice", "once"),
    ],
)
def test_a_size_that_cannot_be_compared_is_refused(refused, sizes, value, rule, remedy):
    (problem,) = refused(f"RKIL,{sizes}", head="class_id,sizes")
    assert (problem.value, problem.row, problem.column) == (value, 2, "sizes")
    assert rule in problem.rule
    assert remedy in problem.remedy


def test_sizes_of_a_class_without_windows_are_refused(refused):
    (problem,) = refused("REFL,volume 5 m3", head="class_id,sizes")
    assert problem.rule == "is a size, and no item of this class has a window"


def test_slips_in_sizes_come_with_all_the_others(refused):
    found = refused(",RKIL,Alpha,Chnia,,1,diameter 6 km; girth 3 m", ",RSX,Beta,AT,7,,", head=f"{HEAD},sizes")
    assert {(one.row, one.column) for one in found} == {(2, "country"), (2, "sizes"), (3, "share")}
    assert len([one for one in found if one.column == "sizes"]) == 2


def test_a_list_without_rows_and_a_file_that_is_none_are_told(refused, layers, tmp_path):
    assert "has no row" in {one.rule for one in refused()}
    with pytest.raises(LayerError, match="is no file"):
        read_vendors(tmp_path / "absent.csv", layers)


def test_a_ragged_row_is_told_once(refused):
    found = refused(",WAPT,Alpha,AT,,1", ",DEWA,Weir, pumps,GB,,1")
    assert {one.row for one in found} == {3}
    assert "cells" in found[0].rule


@pytest.fixture
def assess_with(layers, alternatives, cases, assumptions, read):
    """Assess three stages, with their own operations alone."""
    case = next(case for case in cases if case.partner == "korea" and case.track == Track.TEXT)
    stages, operations = ["tungsten-apt", "copper-concentrate", "graphite-spherical-purified"], layers["operations"]
    own = alternatives[alternatives["stage_id"].isin(stages)]
    few = {**layers, "operations": operations[operations["stage_id"].isin(stages)]}

    def assessed(*rows, refused=None):
        asked = assumptions.replace(supplier_refused=None if refused is None else dict.fromkeys(("low", "mode", "high"), refused))
        return assess(few, own, [case], assumptions=asked, vendors=read(*rows) if rows else None)

    return assessed


def tungsten(found):
    return found.dependency[found.dependency["alternative"].str.endswith("hattar-sez:tungsten-apt")].iloc[0]


def test_a_foreign_vendor_ends_the_exposure_and_a_chinese_one_lifts_it(assess_with):
    market, foreign, home = (
        tungsten(assess_with(*rows, refused=0.0))
        for rows in ([], ["tungsten-apt,WAPT,Alpha,AT,,1"], ["tungsten-apt,WAPT,Beta,CN,,1"])
    )
    assert foreign["d_rel"] == foreign["d_rel_high"] == 0.0
    assert foreign["d_rel"] < market["d_rel"] < home["d_rel"]
    assert home["d_rel"] == pytest.approx(market["d_rel"] / 0.8), "the market share of tungsten is 0.8"


def test_only_a_list_that_names_every_block_that_can_bind_makes_a_probability(assess_with):
    assert tungsten(assess_with())["is_probability"] == "false"
    assert tungsten(assess_with("tungsten-apt,DEWA,Alpha,AT,,1"))["is_probability"] == "false"
    assert tungsten(assess_with("tungsten-apt,WAPT,Alpha,AT,0.4,"))["is_probability"] == "false"
    assert tungsten(assess_with("tungsten-apt,WAPT,Beta,CN,,1"))["is_probability"] == "true"
    mixed = [",WAPT,Alpha,AT,0.4,", ",WAPT,Beta,CN,0.6,"]
    assert [tungsten(assess_with(*mixed, refused=r))["is_probability"] for r in (None, 0.2)] == ["false", "true"]


def test_one_block_left_to_the_market_keeps_the_plant_an_index(assess_with):
    kit = ["graphite-spherical-purified,GPUR,Alpha,AT,,1", "graphite-spherical-purified,GCOA,Beta,CN,,1"]
    crew = "graphite-spherical-purified,TECHG,Gamma,US,,1"
    for rows, flag in ((kit, "false"), ([*kit, crew], "true")):
        found = assess_with(*rows, refused=0.0).dependency
        assert set(found.loc[found["alternative"].str.endswith(":graphite-spherical-purified"), "is_probability"]) == {flag, ""}


def test_doing_less_has_no_flag(assess_with):
    found = assess_with("tungsten-apt,WAPT,Alpha,AT,,1").dependency
    assert set(found.loc[found["alternative"].str.match("export|toll"), "is_probability"]) <= {""}


def test_where_nothing_can_bind_nothing_is_flagged(assess_with):
    rows = assess_with("tungsten-apt,WAPT,Alpha,AT,,1").dependency
    free = rows[rows["alternative"].str.endswith(":copper-concentrate")]
    assert set(free["is_probability"]) == {""}


def test_the_blocks_say_where_their_share_comes_from(assess_with):
    rows = assess_with("tungsten-apt,WAPT,Alpha,AT,,1", refused=0.2).exposure.set_index(["stage_id", "block_id"])
    assert rows.loc[("tungsten-apt", "WAPT"), "is_probability"] == "true"
    assert rows.loc[("tungsten-apt", "WAPT"), "s"] == 0.0
    assert rows.loc[("tungsten-apt", "DEWA"), "is_probability"] == "false"


def test_the_list_moves_no_other_stage(assess_with):
    before, after = assess_with(), assess_with("tungsten-apt,WAPT,Beta,CN,,1")
    pair = [found.dependency[found.dependency["alternative"].str.endswith(":copper-concentrate")] for found in (before, after)]
    assert pair[0].equals(pair[1])


AMERICAN = "tungsten-apt,WAPT,Alpha,US,,1"


def test_a_vendor_whose_own_country_must_license_it_is_no_safe_harbour(assess_with):
    """By hand: b = 0.90, refusal 0.3; vendors on file in two countries that nobody read leave half a way round, so 0.9 x 0.3 x 0.5."""
    unknown, given = (tungsten(assess_with(AMERICAN, refused=r)) for r in (None, 0.3))
    assert (unknown["d_rel"], unknown["is_probability"]) == (0.0, "false")
    assert unknown["d_rel_high"] > 0.9, "nobody knows how often it is refused"
    assert given["d_rel"] == pytest.approx(0.90 * 0.3 * 0.5)
    assert given["is_probability"] == "true"
    assert all("US: licence required if in scope (2B350" in one["note"] for one in (unknown, given))


def test_the_plant_waits_for_the_vendors_own_licence_where_its_time_is_on_file(assess_with):
    """US: 90 to 180 days by the layer of issuers; of the EU no time is on file."""
    us, eu = (tungsten(assess_with(f"tungsten-apt,WAPT,Alpha,{code},,1")) for code in ("US", "AT"))
    assert 90 / 30.5 < us["delay_months_p10"] < us["delay_months_p80"] < 180 / 30.4
    assert np.isnan(eu["delay_months_p80"])
    assert "time not found" in eu["note"]
    assert "time not found" not in us["note"]


@pytest.mark.parametrize("refused", [None, 0.0, 0.5, 1.0])
def test_a_vendor_in_a_country_without_a_rule_is_unaffected(assess_with, refused):
    rows = assess_with("graphite-spherical-purified,GCOA,Alpha,FI,,1", refused=refused).exposure.set_index("block_id")
    assert (rows.loc["GCOA", ["e", "barred_high"]] == 0).all()
    assert rows.loc["GCOA", "is_probability"] == "true"


def test_where_a_chinese_and_an_american_vendor_are_both_needed_either_can_stop_the_block(assess_with):
    chinese, american, both = (
        tungsten(assess_with(*rows, refused=0.3))["d_rel"]
        for rows in (["tungsten-apt,WAPT,Beta,CN,,1"], [AMERICAN], ["tungsten-apt,WAPT,Beta,CN,,1", AMERICAN])
    )
    assert max(chinese, american) < both < chinese + american
