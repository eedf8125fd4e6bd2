import pytest

from geokit.economics.impurities import COLUMNS, judge_impurities, sum_penalties
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame


def assay(value, unit="%", **more):
    return {"deposit_id": "pit", "constituent": "As", "basis": "ore", "grade_value": value, "unit": unit, **more}


def limit(value, kind="reject", product="conc", **more):
    keys = {"limit_id": f"any:{product}:as:{kind}", "product_id": product, "element": "As", "limit": value, "limit_unit": "%", "kind": kind}
    return {**keys, "source_id": "src-limit", **more}


@pytest.fixture
def judged(world, assumptions):
    def judge(*limits, assays=()):
        layers = {**world.layers, "impurity_limits": frame("impurity_limits", *limits), "other_grades": frame("other_grades", *assays)}
        return judge_impurities(layers, assumptions=assumptions)

    return judge


def test_columns_are_the_declared_ones(judged):
    assert list(judged(limit(0.5))) == [column.name for column in read_columns("impurities")] == COLUMNS


@pytest.mark.parametrize(
    ("ore", "verdict", "words"),
    [(0.04, "pass", "cannot exceed"), (0.06, "unknown", "assay the product"), (None, "unknown", "no assay of As")],
)
def test_ten_tonnes_of_ore_a_tonne_bound_what_the_concentrate_can_hold(judged, ore, verdict, words):
    row = judged(limit(0.5), assays=[assay(ore)] if ore else []).iloc[0]
    assert row["verdict"] == verdict
    assert words in row["reason"]
    if ore:
        assert (row["level_low"], row["level_high"]) == (0.0, pytest.approx(10 * ore))


def test_ore_sold_as_it_is_fails_by_its_own_assay(judged):
    rows = judged(limit(0.5, product="ore"), assays=[assay(6_000.0, "g/t")])
    assert (rows.iloc[0]["verdict"], rows.iloc[0]["level_low"]) == ("fail", pytest.approx(0.6))
    assert judged(limit(0.7, product="ore"), assays=[assay(6_000.0, "g/t")]).iloc[0]["verdict"] == "pass"


def test_a_limit_without_a_figure_never_fails(judged):
    row = judged(limit(None, product="ore"), assays=[assay(60.0)]).iloc[0]
    assert (row["verdict"], row["reason"]) == ("unknown", "a limit is known to exist and its figure was not found")


def test_a_penalty_is_per_step_begun_and_only_where_it_is_known(judged):
    fine = limit(0.2, "penalty", product="ore", penalty_usd_per_t=3.0, penalty_step=0.1)
    rows = judged(fine, assays=[assay(0.45)])
    assert rows.iloc[0]["penalty_usd_per_t"] == 9.0
    assert sum_penalties(rows)["pit", "ore"] == 9.0
    assert sum_penalties(judged(limit(0.2, "penalty", product="ore"), assays=[assay(0.45)])).empty


def test_a_sample_is_no_assay_of_the_ore(judged):
    assert judged(limit(0.5), assays=[assay(90.0, basis="sample")]).iloc[0]["verdict"] == "unknown"


def test_no_deposit_of_the_layers_fails_on_public_data(layers, assumptions):
    """Arsenic above 0.5 % is refused at the border of China, and no arsenic assay of a deposit was found."""
    rows = judge_impurities(layers, assumptions=assumptions)
    arsenic = rows[(rows["limit_id"] == "cn:copper-concentrate:as")]
    assert set(arsenic["limit"]) == {0.5}
    assert "reko-diq" in set(arsenic["deposit_id"])
    assert set(rows["verdict"]) == {"unknown"}
    assert rows["reason"].ne("").all()
