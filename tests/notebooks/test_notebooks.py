"""Every notebook is a plain file without outputs, runs from top to bottom offline, and what its words say is true of what it finds."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import socket
from dataclasses import dataclass, field
from pathlib import Path

import folium
import pandas as pd
import pytest

import geokit as gk

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = ["01_explore_layers", "02_routes", "03_dependency", "04_rank_sites", "05_rescore", "06_site_report"]
ORDER = sorted(NAMES, key=lambda name: name != "04_rank_sites")
"""The one that asks a second question comes first: it then makes the study that the others open, and its freight is known."""
STUDIED = NAMES[2:]
"""Notebooks that begin with a study."""
IMPORTED = {"folium", "geokit", "pandas", "pathlib"}
NOTHING_BEATS = "No plant is shown to beat exporting"


@dataclass
class Story:
    """What a notebook leaves behind."""

    names: dict = field(default_factory=dict)
    said: str = ""
    shown: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name):
        return self.names[name]


def read(name):
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf8"))


def sources(name, kind):
    return {cell["id"]: "".join(cell["source"]) for cell in read(name)["cells"] if cell["cell_type"] == kind}


def render(value):
    return value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)


def tell(name):
    """Run a notebook in names of its own; the last value of a cell is shown as Jupyter would."""
    story, said = Story(), io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell_id, text in sources(name, "code").items():
            tree = ast.parse(text)
            last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, f"{name}:{cell_id}", "exec"), story.names)  # noqa: S102  our own notebook
            if last is not None:
                value = eval(compile(last, f"{name}:{cell_id}", "eval"), story.names)  # noqa: S307  our own notebook
                story.shown[cell_id] = "" if value is None else render(value)
    story.said = said.getvalue()
    return story


def refuse(*_):
    msg = "a notebook asked for the network"
    raise AssertionError(msg)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def stories(workplace):
    """Run all of them in one empty folder, with the text of pandas as it comes."""
    with pytest.MonkeyPatch.context() as patch, pd.option_context("mode.string_storage", "auto"):
        patch.chdir(workplace)
        patch.delenv("GEOKIT_LAYERS", raising=False)
        patch.delenv("GEOKIT_CACHE", raising=False)
        patch.setattr(socket.socket, "connect", refuse)
        return {name: tell(name) for name in ORDER}


def test_there_are_six():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_kept_without_outputs(name):
    book = read(name)
    assert set(book) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"]["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    for cell in book["cells"]:
        run = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert cell["cell_type"] in {"code", "markdown"}
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | run
        assert cell["metadata"] == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell["source"]
        assert "".join(cell["source"]).splitlines(keepends=True) == cell["source"]


@pytest.mark.parametrize("name", NAMES)
def test_cells_have_names_of_their_own(name):
    ids = [cell["id"] for cell in read(name)["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_asks_first_and_says_last_what_to_change(name):
    cells = read(name)["cells"]
    assert re.match(r"# .+\?\n", "".join(cells[0]["source"]))
    assert "## Change this" in "".join(cells[-1]["source"])


@pytest.mark.parametrize("name", NAMES)
def test_only_public_names_are_used(name):
    for text in sources(name, "code").values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert {one.name for one in node.names} <= IMPORTED
            elif isinstance(node, ast.ImportFrom):
                assert (node.module, [one.name for one in node.names]) == ("pathlib", ["Path"])
            elif isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_")
                assert not (isinstance(node.value, ast.Name) and node.value.id == "gk") or node.attr in gk.__all__


def test_a_study_is_opened_in_the_same_words_everywhere():
    assert len({sources(name, "code")["open"] for name in STUDIED}) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_assumptions_that_a_hint_names_exist(name, assumptions):
    hints = [hint for text in sources(name, "markdown").values() for hint in re.findall(r"\.replace\((\w+=.+)\)`", text)]
    for hint in hints:
        call = ast.parse(f"f({hint})", mode="eval").body
        changes = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
        assert assumptions.diff(assumptions.replace(**changes))


def test_some_hints_name_assumptions():
    assert sum(".replace(" in text for name in NAMES for text in sources(name, "markdown").values()) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_can_be_shown(stories, name):
    shown = stories[name].shown
    assert shown
    assert isinstance(stories[name]["country"], folium.Map) if "map" in shown else name in {"03_dependency", "05_rescore"}
    assert all(text != "" or sources(name, "code")[cell].rstrip().endswith(")") for cell, text in shown.items())


def test_nothing_is_left_in_the_tree(stories, workplace):
    assert {path.name for path in FOLDER.iterdir()} <= {f"{name}.ipynb" for name in NAMES} | {"out", ".ipynb_checkpoints"}
    assert [path.name for path in workplace.iterdir()] == ["out"]
    assert stories["06_site_report"]["folder"] == Path("out") / "japan"


def test_the_facts_alone_give_the_map_of_a_study(stories):
    def marks(chart):
        groups = [one for one in chart._children.values() if isinstance(one, folium.FeatureGroup)]
        return {one.layer_name: [mark.location for mark in one._children.values()] for one in groups}

    story = stories["04_rank_sites"]
    drawn = marks(gk.folium_map(story["layers"]))
    assert drawn == marks(gk.folium_map(story["study"]))
    assert set(drawn) == {"deposits", "sites", "ports"}
    assert all(drawn.values())


def test_most_of_the_ground_is_unknown(stories):
    known = stories["01_explore_layers"]["known"]
    assert known["with_tonnage"].mean() < 0.5
    assert (known["feed_available"] == "").mean() > 0.5


def test_the_free_ore_rests_on_historical_estimates(stories):
    story = stories["01_explore_layers"]
    assert 0 < len(story["sure"]) <= 5
    assert story["sure"]["historical_estimate"].eq("true").all()
    assert story["by_commodity"]["all_three"].sum() == len(story["sure"])
    assert story["sure"]["source_id"].str.split(";").explode().isin(story["used"]).all()
    assert story.shown["source"].count("<tr") > 1


def test_a_port_that_the_pass_leads_to_gets_dearer_and_the_others_do_not(stories):
    story = stories["02_routes"]
    taken = {key: {link for leg in way.legs for link in leg.link_ids} for key, way in story["ways"].items()}
    uses = {port: bool(links & story["closed"]) for (port, state), links in taken.items() if state == "open"}
    assert set(uses.values()) == {True, False}
    assert all((story["extra"][story["ports"][port]] > 0) == used for port, used in uses.items())
    assert not any(links & story["closed"] for (_, state), links in taken.items() if state == "shut")


def test_the_capacity_of_the_way_round_is_unknown(stories):
    story = stories["02_routes"]
    assert any(text.startswith("capacity unknown on") for text in story["ways"][story["port"], "shut"].capacity)
    assert len(story["events"])


def test_a_delivered_tonne_costs_what_its_legs_cost(stories):
    story = stories["02_routes"]
    assert story["by_mode"].sum() == pytest.approx(story["delivered"].usd_per_t)
    assert story["by_mode"]["sea"] > 0


def test_the_readings_of_the_law_part(stories):
    story = stories["03_dependency"]
    assert story["parts"].sum() > 0
    assert (story["by_stage"]["d_rel by text"] > story["by_stage"]["d_rel in practice"]).any()
    assert (story["by_stage"]["d_rel by text"] == story["by_stage"]["d_rel in practice"]).any()


def test_no_chinese_clause_binds_most_processes(stories):
    story = stories["03_dependency"]
    assert len(story["none"]) > len(story["touched"]) > 0
    assert story["none"]["d_rel in practice"].eq(0).all()
    assert set(story["study"].exposure["is_probability"]) == {"false"}


def test_securing_one_block_alone_helps_little(stories):
    story = stories["03_dependency"]
    whole = story["by_stage"].loc[story["stage"], "d_rel by text"]
    assert 0.75 * whole < story["blocks"]["d_rel_if_fixed"].iloc[0] < whole
    assert len(story["ties"])
    assert story["plan"]["choice"].eq("").any()
    assert "not researched" in story.said


def test_no_plant_is_shown_to_beat_exporting(stories):
    story = stories["04_rank_sites"]
    assert story.said.startswith(NOTHING_BEATS)
    assert "yes" not in set(story["ranking"]["beats_baseline"])
    assert len(story["could"]) > len(story["ranking"]) / 2
    assert len(story["level"]) > 1


def test_weights_add_up_and_blanks_stay_blank(stories):
    cells = stories["04_rank_sites"]["cells"]
    assert cells["weight"].sum() == pytest.approx(1)
    assert cells["v"].isna().any()
    assert "not known" in stories["04_rank_sites"].shown["why"]


def test_an_assumption_moves_the_site_and_not_the_process(stories):
    story = stories["04_rank_sites"]
    assert story["study"].assumptions.diff(story["changed"]) == {"feed.cutoff_usd_per_t": (80.0, 20.0)}
    site, process = story["first"]["alternative"].split(":")
    now = story["near"].ranking("japan", top=1)["alternative"][0].split(":")
    assert site != now[0]
    assert process == now[1]
    assert len(story["gone"])


def test_the_study_that_was_kept_is_the_one_that_was_made(stories):
    made, opened = stories["04_rank_sites"], stories["05_rescore"]
    assert made["study"] is not opened["study"]
    pd.testing.assert_frame_equal(made["ranking"], opened["before"], check_dtype=False)


def test_weight_on_what_is_known_ranks_more_rows(stories):
    story = stories["05_rescore"]
    assert story["values"]["D1"].notna().all()
    assert len(story["after"]) > len(story["before"]) > len(story["answers"]["mine owner"])
    assert story["study"].assumptions.scoring.evidence_threshold_frac == 0.5
    assert story["other"].weights["japan"]["D1"] == pytest.approx(0.4)


def test_voices_agree_on_the_process_and_not_on_the_site(stories):
    story = stories["05_rescore"]
    assert len(story["processes"]) == 1
    assert len(set(story["summary"].loc["first"])) > 1
    assert len(story["steady"])


def test_three_choices_say_a_direction_and_not_a_figure(stories):
    story = stories["05_rescore"]
    learnt = story["learnt"]
    assert learnt["mean"].idxmax() == "R1"
    assert (learnt["p90"] - learnt["p10"]).min() > 0.3
    assert (story["quieter"]["R1"].to_numpy() > story["longer"]["R1"].to_numpy()).all()
    assert (story["quieter"]["F1"].to_numpy() < story["longer"]["F1"].to_numpy()).all()
    assert sum(story["taught"].weights["japan"].values()) == pytest.approx(1)


def test_no_weight_changes_the_answer_on_profit(stories):
    lines = stories["05_rescore"].said.splitlines()[-2:]
    assert all(line.startswith(NOTHING_BEATS) for line in lines)


def test_a_report_says_what_is_missing(stories):
    story = stories["06_site_report"]
    assert len(story["blank"])
    assert story["blank"]["holder"].ne("").all()
    assert story["money"].loc["npv_million_usd"].isna().all()
    assert "unknown" in set(story["gates"]["result"])
    assert story["feeds"]["tonnage_t"].isna().any()
    assert len(story["out"]) == 1


def test_the_files_to_hand_over_exist(stories, workplace):
    written = stories["06_site_report"]["written"]
    assert {path.name for path in written} >= {"report.html", "map.html", "ranking.csv", "unknowns.csv"}
    assert all((workplace / path).stat().st_size for path in written)
