"""Traps in the facts that were fallen into before, and the rule that every figure has a source."""

from __future__ import annotations

import re
from math import fsum

import pytest

from geokit.catalog.listing import OWN_KINDS
from geokit.check.validate import read_folder
from geokit.core.columns import split_ids
from geokit.io.dictionary import list_dictionary, read_columns, read_themes

OWN = {"assumption", "derived", "dossier", "general knowledge", "judgement", "none"}
"""Kinds of source that nobody outside can look up."""
PARTS = {
    "loe-shilman": (59.0, 142.0), "kakul-phosphate": (0.4, 0.68), "lagarban-phosphate": (0.8, 1.1),
    "lagarban-south-phosphate": (2.088, 0.261), "tarnawai-phosphate": (1.009, 1.894), "dalola-phosphate": (2.3, 6.9),
}  # fmt: skip
"""Tonnages that USGS Open-File Report 2015-1121 prints in two parts, million t; the layer holds their sum."""
FIGURES_OF_GRADE = {
    ("deposits", "grade"): ["tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"],
    ("deposits", "coord_grade"): ["lat", "lon"], ("deposits", "contained_grade"): ["contained"],
    ("sites", "grade"): ["lat", "lon"], ("nodes", "grade"): ["lat", "lon"], ("ports", "grade"): ["lat", "lon"],
    ("links", "grade"): ["length_km"],
}  # fmt: skip
"""Figures of which a column of grades speaks."""
OPEN = {"Apache-2.0", "CC BY 4.0", "CC0", "MIT", "US public domain", "facts, cited", "own work", "public domain"}
"""Terms under which a row may be passed on."""


def test_every_source_of_every_layer_resolves(layers):
    known = set(layers["sources"]["source_id"])
    for table, frame in layers.items():
        named = [name for name in frame if name.endswith(("source_id", "source_ids")) or (table, name) == ("suppliers", "evidence")]
        for name in named:
            ids = {one for cell in frame[name] for one in split_ids(cell)}
            assert ids <= known, (table, name, sorted(ids - known))


def test_every_source_is_named_by_a_row_of_a_layer(layers):
    named = {
        one
        for table, frame in layers.items()
        for column in read_columns(table)
        if column.refers_to == "sources.source_id"
        for cell in frame[column.name]
        for one in split_ids(cell)
    }
    # rows that a user lays over a layer name the source "user" when they have no other
    assert set(layers["sources"]["source_id"]) - {"user"} == named


def test_taking_one_source_away_is_a_problem_wherever_it_is_named(folder):
    path = folder / "sources.csv"
    lines = path.read_text(encoding="utf8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("dep-usgs-sir-2010-5090-z,")), encoding="utf8")
    problems = read_folder(folder).problems
    assert all("dep-usgs-sir-2010-5090-z" in split_ids(problem.value) for problem in problems)
    assert {"deposits/deposits.csv", "deposits/coord_conflicts.csv"} <= {problem.file for problem in problems}


def test_kinds_and_licences_are_closed_lists(layers):
    sources = layers["sources"]
    declared = {column.name: column for column in read_columns("sources")}
    for name in ("kind", "licence"):
        assert declared[name].allowed
        assert set(sources[name]) <= set(declared[name].allowed)
    assert set(sources["kind"]) == set(declared["kind"].allowed)
    assert set(declared["licence"].allowed) == OPEN


def test_own_work_is_called_so_by_kind_and_by_licence(layers):
    sources = layers["sources"]
    own = sources["kind"].isin(OWN)
    assert (sources.loc[own, "licence"] == "own work").all()
    assert not (sources.loc[~own, "licence"] == "own work").any()
    assert set(OWN) <= set(OWN_KINDS)


def test_every_source_column_is_declared_as_a_foreign_key(layers):
    for table in layers:
        for column in read_columns(table):
            if column.name in {"source_id", "source_ids"} and not column.key:
                assert column.refers_to == "sources.source_id", table


def test_sources_can_be_looked_up(layers):
    sources = layers["sources"]
    outside = sources[~sources["kind"].isin(OWN)]
    assert (outside["url"] != "").mean() >= 0.9
    assert outside.loc[outside["url"] == "", "title"].str.len().ge(8).all()
    own = sources[sources["source_id"].str.startswith("dossier-") | (sources["source_id"] == "CTRL")]
    assert set(own["kind"]) == {"dossier"}
    assert (own["url"] == "").all()
    assert sources.set_index("source_id").loc["crd-geonames", "licence"] == "CC BY 4.0"
    usgs = sources[sources["source_id"].str.startswith("dep-usgs")]
    assert set(usgs["licence"]) == {"US public domain"}


def plain(text):
    """Return a title or an address without case, signs and the prefix of its site."""
    return re.sub(r"\W+", " ", re.sub(r"^https?://(www\.)?", "", text.lower())).strip()


def test_one_document_has_one_id(layers):
    sources = layers["sources"].query("kind != 'none'")
    twins = sources.assign(title=sources["title"].map(plain), url=sources["url"].map(plain)).duplicated(["title", "url"], keep=False)
    assert not twins.any(), sources.loc[twins, "source_id"].tolist()
    small = layers["sources"]["source_id"].str.lower()
    assert small.is_unique, small[small.duplicated()].tolist()


def test_an_address_that_several_sources_share_is_that_of_a_collection(layers):
    """A page has one id; a repository, a data catalogue or a home page holds many works, and each says which it is."""
    sources = layers["sources"].query("url != ''")
    shared = sources[sources["url"].map(plain).duplicated(keep=False)]
    assert set(shared["kind"]) <= {"repository", "government database", "data aggregator"}, shared["source_id"].tolist()


@pytest.mark.parametrize(("table", "column"), FIGURES_OF_GRADE)
def test_a_figure_has_a_grade_and_evidence_a_source_outside_this_study(layers, table, column):
    frame, own = layers[table], set(layers["sources"].query("kind in @OWN")["source_id"])
    known = frame[FIGURES_OF_GRADE[table, column]].notna().any(axis=1)
    assert (known == (frame[column] != "")).all(), frame[known != (frame[column] != "")].iloc[:, 0].tolist()
    rows = frame[frame[column] == "E"]
    inside = rows[[set(split_ids(cell)) <= own for cell in rows["source_id"]]]
    assert inside.empty, inside.iloc[:, 0].tolist()


def test_a_grade_follows_from_what_the_row_says(layers):
    deposits, sites, nodes, links = (layers[table] for table in ("deposits", "sites", "nodes", "links"))
    stand_in = deposits["coord_kind"].eq("town_proxy") | deposits["flags"].str.contains("point_of_parent")
    assert (stand_in == deposits["coord_grade"].eq("A")).all()
    flagged = deposits["flags"].str.contains("derived_100pct|low_derived")
    assert set(deposits.loc[deposits["grade"] == "M", "deposit_id"]) == {*deposits.loc[flagged, "deposit_id"], *PARTS}
    derived = deposits["contained_unit"].str.contains("derived")
    assert (derived == deposits["contained_grade"].eq("M")).all()
    assert (sites["coord_kind"].ne("point") == sites["grade"].eq("A")).all()
    assert (nodes["coord_basis"].str.contains("analyst") == nodes["grade"].eq("A")).all()
    assert set(links.loc[links["grade"] == "E", "length_basis_code"]) == {"published"}
    assert set(links.loc[links["length_basis_code"] == "estimated", "grade"]) == {"A"}


@pytest.mark.parametrize(("deposit", "parts"), PARTS.items())
def test_a_tonnage_in_two_parts_is_summed_and_called_derived(layers, deposit, parts):
    row = layers["deposits"].set_index("deposit_id").loc[deposit]
    assert row["tonnage_million_t_mode"] == pytest.approx(fsum(parts), rel=0.002)
    assert row["grade"] == "M"


def test_names_of_a_place_are_kept_apart(layers):
    """The separator of several values in a cell is a bar, so a comma in a list means two values in one."""
    for name in ("alt_names", "other_commodity_ids", "district_ids", "flags"):
        assert not layers["deposits"][name].str.contains(",").any(), name


def test_project_tonnage_is_no_tonnage_of_ore_with_a_grade(layers):
    deposits = layers["deposits"].set_index("deposit_id")
    project = deposits.dropna(subset=["project_tonnage_million_t"])
    assert set(project["project_tonnage_million_t"]) == {69.0, 69.2}
    for column in ("tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"):
        assert not deposits[column].between(68.9, 69.3).any()
    assert deposits["tonnage_million_t_mode"].notna().sum() == 38
    assert (deposits["tonnage_million_t_mode"].notna() & deposits["grade_value"].notna()).sum() == 28


def test_sub_bodies_have_a_parent_and_never_feed_twice(layers):
    deposits, feeds = layers["deposits"].set_index("deposit_id"), layers["deposit_feeds"]
    parts = deposits[deposits["parent_id"] != ""]
    assert len(parts) == 24
    assert parts["parent_id"].isin(deposits.index).all()
    assert (parts["parent_kind"] != "").all()
    assert not parts["parent_id"].isin(parts.index).any()
    sub = parts.index[parts["parent_kind"].isin(["sub_body", "same_body"])]
    assert not ((feeds["aggregate"] == "yes") & feeds["deposit_id"].isin(sub)).any()


def test_grades_that_were_rejected_stay_out(layers):
    deposits = layers["deposits"]
    gold = deposits[deposits["grade_unit"].str.contains("Au")]
    assert not (gold["grade_value"] == 208).any()
    assert not (deposits["grade_value"] > 100).any()
    assert not deposits["tonnage_million_t_mode"].eq(1080).any()
    assert not deposits["tonnage_million_t_high"].eq(1080).any()


def test_a_tonnage_of_two_bodies_is_no_bound_of_one(layers):
    """The older note on Pachin Koh speaks of it and Chigendik together."""
    deposits = layers["deposits"].set_index("deposit_id")
    assert not deposits.loc[["pachin-koh", "chigendik"]].filter(regex="^tonnage").isin([30.0, 40.0, 70.0]).any(axis=None)


def test_historic_tonnages_are_called_so(layers):
    deposits = layers["deposits"].dropna(subset=["tonnage_million_t_mode"])
    historic = deposits["resource_class"] == "historic"
    assert (deposits.loc[historic, "historical_estimate"] == "true").all()
    assert historic.sum() >= len(deposits) - 1


def test_a_class_stands_for_a_code_and_says_what_the_code_covers(layers):
    """The one coded figure is of a half; the tonnage is twice that, derived by us: 7.3 / 0.0048 x 2."""
    deposits = layers["deposits"]
    coded = deposits[~deposits["resource_class"].isin(["historic", "none"])]
    assert (coded["historical_estimate"] == "false").all()
    derived = coded["flags"].str.contains("derived_100pct")
    assert coded.loc[derived, "tonnage_million_t_mode"].item() == pytest.approx(7.3 / 0.0048 * 2, rel=0.001)
    assert (coded.loc[derived, "resource_class_note"] != "").all()
    codes = next(column.allowed for column in read_columns("deposits") if column.name == "resource_class")
    assert {"NI43-101", "JORC", "SAMREC", "PERC", "UNFC", "historic", "none"} <= set(codes)


def test_a_grade_at_the_low_end_is_called_so_and_what_is_contained_follows_from_it(layers):
    deposits = layers["deposits"]
    low_end = deposits["grade_value"].eq(deposits["grade_low"]) & deposits["grade_high"].notna()
    assert low_end.any()
    assert deposits.loc[low_end, "flags"].str.contains("grade_is_low_end").all()
    known = deposits[low_end & deposits["contained"].notna()]
    derived = known["tonnage_million_t_mode"] * known["grade_value"] * 1e4
    assert known["contained"].tolist() == pytest.approx(derived.tolist())


def test_a_state_of_a_tonnage_is_told_where_there_is_a_tonnage_and_mining(layers):
    deposits = layers["deposits"].set_index("deposit_id")
    told = deposits[deposits["tonnage_state"] != ""]
    assert told.loc["saindak", "tonnage_state"] == "before_mining"
    assert told.filter(regex="^tonnage_million_t").notna().any(axis=1).all()
    assert told["status_code"].isin(["operating", "past_producer"]).all()


def test_every_deposit_names_works_one_by_one(layers):
    """A title with a semicolon bundles works that nobody can tell apart."""
    titles = layers.sources.loc[[one for cell in layers["deposits"]["source_id"] for one in split_ids(cell)], "title"]
    assert not titles.str.removesuffix("; percentiles computed by us").str.contains(";").any()


def test_a_cited_work_has_its_own_date_and_says_that_it_was_not_read(layers):
    cited = layers.sources[layers.sources["title"].str.contains(r"\d{4}, as .* cites it")]
    assert len(cited) >= 3
    assert all(row.date in row.title for row in cited.itertuples())
    assert cited["note"].str.contains("not read").all()
    antimony = layers["deposits"].set_index("deposit_id").loc["qila-abdullah-antimony"]
    assert (antimony["date"], split_ids(antimony["source_id"])[0]) == ("1974", "dep-hussain-1974")


def test_firm_power_is_known_once_and_captive(layers):
    sites = layers["sites"].dropna(subset=["power_firm_mw"])
    assert len(sites) == 1
    assert sites["power_firm_mw"].item() == 50.0
    assert "captive" in sites["power_note"].item()


def test_all_deposits_lie_in_the_box_or_nowhere(layers):
    deposits = layers["deposits"]
    assert len(deposits) == 123
    nowhere = deposits["lat"].isna()
    assert (nowhere == deposits["lon"].isna()).all()
    assert (nowhere == (deposits["coord_kind"] == "none")).all()
    assert deposits.loc[~nowhere, "lat"].between(23.5, 37.2).all()
    assert deposits.loc[~nowhere, "lon"].between(60.8, 77.9).all()


def test_links_are_no_shorter_than_their_slack_allows(layers):
    links = layers["links"]
    short = links[links["length_km"] + links["coord_slack_km"] < links["geodesic_km"]]
    assert set(short["explained_by_slack"]) <= {"no"}
    assert len(short) <= 1


def test_tracks_of_a_clause_never_overlap(layers):
    events = layers["status_events"].query("valid_from != valid_to_exclusive").sort_values(["clause_id", "track", "valid_from"])
    for _, rows in events.groupby(["clause_id", "track"]):
        ends = rows["valid_to_exclusive"].iloc[:-1]
        assert (ends != "").all()
        assert list(ends) == list(rows["valid_from"].iloc[1:])


def test_sums_of_the_rubric_fit_its_scale(layers):
    scores = layers["institution_scores"]
    assert (scores["points_high"] <= scores["points_max"]).all()
    assert (scores.groupby("province_id")["points_max"].sum() == 100).all()
    assert (scores.groupby("province_id")["item"].nunique() == 5).all()


def test_every_table_is_declared_and_has_a_theme(layers):
    tables = {path.stem for path in layers.root.rglob("*.csv")}
    assert tables == set(read_themes())
    assert tables <= set(list_dictionary())
    for path in layers.root.rglob("*.csv"):
        theme = read_themes()[path.stem][0]
        assert path.relative_to(layers.root).as_posix() == f"{theme}/{path.stem}.csv".lstrip("/")


def test_events_name_sources_that_say_what_they_are(layers):
    events = layers["passages"]
    named = [one for cell in events["source_id"] for one in split_ids(cell)]
    assert (layers.sources.loc[named, "title"] != "").all()
    dated = events[events["source_id"].str.contains("evt-|par-")]
    assert len(dated) == 23
    assert dated["source_id"].is_unique
    assert (events["source_title"] != "").all()
