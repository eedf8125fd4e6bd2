"""The decision matrix as the page carries it, read back here as the script of the page reads it."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import json

import numpy as np
import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_defaults
from geokit.outputs.pack import render_json
from geokit.outputs.reweigh import FACTS, FIGURES, VALUES, pack_matrix
from geokit.outputs.view import view_study
from geokit.scoring import read_criteria
from geokit.scoring.join import KEYS, join_cells

ON = dt.date(2026, 11, 22)
CASES = tuple(Case(partner, ON, track, ON) for partner in ("eu", "japan") for track in Track)
SITES, STAGES, PROFILES = ("", "east", "west"), ("", "roast", "smelt"), ("", "A", "B")
COLUMNS = [*KEYS, *VALUES, *FIGURES, "grade", "source_ids", "note", "holder"]


def read_codes(packed):
    """Return packed whole numbers."""
    return np.frombuffer(base64.b64decode(packed["data"]), dtype=f"<u{packed['bytes']}").astype(int)


def read_texts(table, name):
    """Return a text or prose column of a packed table."""
    if name in table["prose"]:
        pieces, values, codes = table["prose"][name]
        return [" ".join(pieces[place] for place in values[code]) for code in codes]
    words, codes = table["text"][name]
    return [words[code] for code in codes]


def find_level(packed, case, at):
    """Return the distinct cell of each criterion for one alternative, None where none was reported: the first set of keys that fits."""
    words = packed["words"]
    profile = ["", *words["profile"], None][read_codes(packed["profiles"][case.partner])[at]]
    named = {key: words[key][read_codes(packed["axis"][key])[at]] for key in ("site_id", "stage_id")}
    named |= {"profile": profile, "partner": case.partner, "track": case.track.value}
    found = dict.fromkeys(packed["criteria"])
    for one in reversed(packed["cells"]):
        asked = tuple(named[key] for key in one["keys"])
        columns = [[words[key][code] for code in read_codes(one["codes"][key])] for key in one["keys"]]
        keys = list(zip(*columns, strict=True)) if columns else [()]
        hits = [level for told, level in zip(keys, read_codes(one["level"]), strict=True) if told == asked]
        if hits:
            found[one["criterion"]] = hits[0]
    return [found[name] for name in packed["criteria"]]


def make_cells(rng, criteria):
    """Return cells that name every set of keys, with gaps and ties, under the first criteria."""
    rows = []
    for criterion in criteria:
        keys = itertools.product(SITES, STAGES, PROFILES, ("", "japan", "saudi"), ("", *(track.value for track in Track)))
        rows += [(criterion.criterion_id, *key) for key in keys if rng.random() < 0.15]
    table = pd.DataFrame(rows, columns=list(KEYS))
    ends = np.sort(rng.integers(0, 5, (len(table), 3)) / 4.0, axis=1)
    ends[rng.random(len(table)) < 0.3] = np.nan
    table[VALUES] = ends
    table[FIGURES] = ends * 1000
    grade = rng.choice(["E", "A", "M"], len(table))
    return table.assign(grade=grade, source_ids=np.where(grade == "A", "judgement", "s1"), note="1234 t", holder="")[COLUMNS]


class Setting:
    """A study that holds cells alone."""

    def __init__(self, seed, sample):
        rng = np.random.default_rng(seed)
        criteria = read_criteria(read_defaults("criteria"))[:4]
        names = [f"{site}:{stage}" for site in SITES[1:] for stage in STAGES[1:]]
        self.axis = pd.DataFrame(
            {
                "alternative": names, "kind": ["plant", "plant", "export", "plant"], "label": names,
                "product_id": "", "feed_product_ids": "",
                "site_id": [name.split(":")[0] for name in names], "stage_id": [name.split(":")[1] for name in names],
            }
        )  # fmt: skip
        profiles = {(name, partner): "AB"[at % 2] for at, name in enumerate(names) for partner in ("eu", "japan") if at}
        self.joined = join_cells(criteria, make_cells(rng, criteria), self.axis, cases=CASES, profiles=profiles)
        hints = ["", "conditional", "screened", ""]
        self.statuses = pd.DataFrame([(name, case, hint) for name, hint in zip(names, hints, strict=True) for case in ("eu", "japan")])
        self.statuses.columns = ["alternative", "partner", "status_hint"]
        self.layers, self.cases, self.assumptions, self.alternatives = sample.layers, CASES, sample.assumptions, self.axis
        self.weights, self.headlines, self.scored = {"eu": {}, "japan": {}}, {}, self


@pytest.fixture(params=[0, 1, 2])
def setting(request, sample):
    return Setting(request.param, sample)


def test_a_study_without_cells_packs_nothing(sample):
    assert pack_matrix(view_study(sample)) == {}


def test_every_cell_reads_back_as_the_study_joined_it(setting):
    packed = json.loads(render_json(pack_matrix(view_study(setting))))
    levels = np.frombuffer(base64.b64decode(packed["levels"]), dtype="<f8").reshape(-1, 3)
    sourced = read_codes(packed["sourced"]).astype(bool)
    reported = 0
    for index, case in enumerate(CASES):
        ends = np.stack([setting.joined.values(index, name) for name in VALUES], axis=-1)
        for at in range(len(setting.axis)):
            for place, level in enumerate(find_level(packed, case, at)):
                np.testing.assert_array_equal([np.nan] * 3 if level is None else levels[level], ends[at, place])
                assert (level is not None and sourced[level]) == setting.joined.sourced(index)[at, place]
                assert (level is None) == (setting.joined.rows[index][at, place] < 0)
                reported += level is not None
    assert reported > 10


def test_the_facts_of_a_cell_are_those_of_its_row(setting):
    packed = pack_matrix(view_study(setting))
    facts = packed["facts"]
    for at, name in enumerate(setting.joined.alternatives["alternative"]):
        told = setting.joined.list_cells(0, [name])
        for level, row in zip(find_level(packed, CASES[0], at), told.to_dict("records"), strict=True):
            if level is None:
                continue
            assert {key: read_texts(facts, key)[level] for key in FACTS} == {
                "grade": row["grade"], "note": "1\u202f234 t", "source_ids": row["source_ids"],
            }  # fmt: skip
            for key in FIGURES:
                assert facts["figures"][key][level] == (None if np.isnan(row[key]) else pytest.approx(row[key]))


def test_a_distinct_cell_stands_once(setting):
    packed = pack_matrix(view_study(setting))
    table = setting.joined.table
    table = table[table["partner"].isin(["", "eu", "japan"])]
    told = table[[*VALUES, *FIGURES, *FACTS]].drop_duplicates()
    assert packed["facts"]["length"] == len(told)
    assert len(base64.b64decode(packed["levels"])) == 24 * len(told)
    assert sum(len(read_codes(one["level"])) for one in packed["cells"]) == len(table)


def test_what_screens_and_conditions_is_told_by_partner(setting):
    packed = pack_matrix(view_study(setting))
    for partner in ("eu", "japan"):
        assert [packed["hint_words"][code] for code in read_codes(packed["hints"][partner])] == ["", "conditional", "screened", ""]
    assert packed["threshold"] == setting.assumptions.scoring.evidence_threshold_frac


def test_alternatives_stand_in_the_order_that_settles_ties(setting):
    assert read_texts(pack_matrix(view_study(setting))["alternatives"], "alternative") == sorted(setting.axis["alternative"])


def test_the_same_study_packs_the_same(setting):
    assert render_json(pack_matrix(view_study(setting))) == render_json(pack_matrix(view_study(setting)))
