"""One case ranked again from the written tables and the weights, in plain Python: no frames, no arrays, another sampler."""

from __future__ import annotations

import csv
import itertools
import math
import random
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

import pytest

import geokit.defaults

CASE = "japan/text/2026-11-22"
KEYS = ("site_id", "stage_id", "profile", "partner", "track")
RANKED = ("ranked", "conditional", "baseline")


@pytest.fixture(scope="module")
def cells(written):
    """Return the written matrix by criterion and key."""
    return {(row["criterion_id"], *(row[key] for key in KEYS)): row for row in written["matrix"]}


@pytest.fixture(scope="module")
def find(cells):
    """Find the most specific cell that fits: the site counts most, then the stage, the profile, the partner, the track."""
    shapes = defaultdict(set)
    for criterion, *keys in cells:
        shapes[criterion].add(tuple(map(bool, keys)))
    ordered = {criterion: sorted(found, reverse=True) for criterion, found in shapes.items()}

    def look_up(criterion, own):
        for shape in ordered[criterion]:
            key = tuple(word if named else "" for word, named in zip(own, shape, strict=True))
            if tuple(map(bool, key)) == shape and (criterion, *key) in cells:
                return cells[criterion, *key]
        return None

    return look_up


@pytest.fixture(scope="module")
def rows(written, cells, find):
    """Return the rows of the case, each with the cell that speaks for it under every criterion."""
    criteria = sorted({key[0] for key in cells})
    profiles = {(row["case_id"], row["alternative"]): row["profile"] for row in written["dependency"]}
    found = []
    for row in written["ranking"]:
        if row["case_id"] == CASE:
            own = (row["site_id"], row["stage_id"], profiles[CASE, row["alternative"]], "japan", "text")
            found.append({**row, "cells": {name: find(name, own) for name in criteria}})
    return found


@pytest.fixture(scope="module")
def weights(study):
    return dict(study.weights["japan"])


@pytest.fixture(scope="module")
def worth(assumptions):
    """Return the value functions, written out again from the table of criteria and its anchors."""
    with (Path(geokit.defaults.__file__).parent / "criteria.csv").open(newline="", encoding="utf8") as file:
        table = {row["criterion_id"]: row for row in csv.DictReader(file)}

    def value(criterion, x):
        row = {**table[criterion], **assumptions.scoring.anchors.get(criterion, {})}
        points = [float(row[name]) for name in ("p1", "p2", "p3") if row[name] != ""]
        if row["shape"] in {"exp", "concave_exp"}:
            left = math.exp(-max(x, 0.0) / points[0])
            return left if row["shape"] == "exp" else 1.0 - left
        steps = list(zip(points, [place / (len(points) - 1) for place in range(len(points))], strict=True))
        for (here, low), (there, high) in itertools.pairwise(steps):
            if min(here, there) <= x <= max(here, there):
                return low + (high - low) * (x - here) / (there - here)
        return 0.0 if abs(x - points[0]) < abs(x - points[-1]) else 1.0

    return value


def test_every_worth_is_that_of_its_value_function(cells, worth, number):
    known = [row for row in cells.values() if row["value"] and row["v"]]
    assert len({row["criterion_id"] for row in known}) >= 10
    for row in known:
        reach = [(row["bound_low"] or row["value_low"]), (row["bound_high"] or row["value_high"])]  # ignorance reaches beyond chance
        ends = sorted(worth(row["criterion_id"], number(cell)) for cell in reach)
        found = [number(row[name]) for name in ("v_low", "v", "v_high")]
        assert found == pytest.approx([ends[0], worth(row["criterion_id"], number(row["value"])), ends[1]], abs=1e-7), row


def test_scores_bounds_and_evidence_add_up(rows, weights, number):
    assert len(rows) > 500
    for row in rows:
        known = {name: cell for name, cell in row["cells"].items() if cell and cell["v"] and name in weights}
        sourced = [name for name, cell in known.items() if cell["grade"] != "A" or cell["source_ids"] not in {"", "judgement"}]
        missing = math.fsum(weight for name, weight in weights.items() if name not in known)
        sums = [[weights[name] * number(cell[end]) for name, cell in known.items()] for end in ("v_low", "v", "v_high")]
        low, score, high = map(math.fsum, sums)
        assert number(row["score"]) == pytest.approx(score, abs=1e-7)
        assert number(row["bound_low"]) == pytest.approx(low, abs=1e-7)
        assert number(row["bound_high"]) == pytest.approx(high + missing, abs=1e-7)
        assert number(row["evidence_frac"]) == pytest.approx(math.fsum(weights[name] for name in sourced), abs=1e-7)


def test_ranks_follow_the_scores_of_the_rows_that_stand(rows, number):
    standing = [row for row in rows if row["status"] in RANKED]
    order = sorted(standing, key=lambda row: (-number(row["score"]), row["alternative"]))
    assert [number(row["rank"]) for row in order] == pytest.approx(list(range(1, len(order) + 1)))
    assert all(not row["rank"] and not row["tier"] for row in rows if row["status"] not in RANKED)


def test_thin_evidence_and_only_that_is_not_rankable(rows, assumptions, number):
    threshold = assumptions.scoring.evidence_threshold_frac
    for row in rows:
        assert row["status"] == "screened" or (row["status"] == "not_rankable") == (number(row["evidence_frac"]) < threshold)


def test_a_tier_opens_where_a_row_falls_clear_of_the_first_of_the_last(rows, number):
    standing = sorted((row for row in rows if row["rank"]), key=lambda row: number(row["rank"]))
    tier, floor = 0, math.inf
    for row in standing:
        if number(row["score_p90"]) < floor:
            tier, floor = tier + 1, number(row["score_p10"])
        assert number(row["tier"]) == tier
    assert tier > 1


@pytest.mark.parametrize("place", [0, 1, 10, -1])
def test_the_band_is_that_of_another_sampler(rows, weights, worth, number, place):
    """Draw every cell with two open ends anew with the triangular numbers of the standard library: four thousand draws."""
    row = sorted((row for row in rows if row["rank"]), key=lambda row: number(row["rank"]))[place]
    draws, fixed, spans = random.Random(7), 0.0, {}  # noqa: S311  no secret
    for name, cell in row["cells"].items():
        if cell and cell["v"] and name in weights:
            if number(cell["v_low"]) < number(cell["v"]) < number(cell["v_high"]):
                spans[name] = [number(cell[end]) for end in ("value_low", "value_high", "value")]
            else:
                fixed += weights[name] * number(cell["v"])
    totals = sorted(fixed + sum(weights[name] * worth(name, draws.triangular(*span)) for name, span in spans.items()) for _ in range(4000))
    score = number(row["score"])
    assert number(row["score_p10"]) == pytest.approx(min(totals[400], score), abs=0.01)
    assert number(row["score_p90"]) == pytest.approx(max(totals[3600], score), abs=0.01)


@pytest.fixture(scope="module")
def waiting(written, find, study):
    """Return who waits for which missing fact, in all cases: key of the fact to (row, weight, why, site of the cell).

    The same fact missing at several sites for the same reason is one question without a site.
    """
    tracks = {row["case_id"]: row["track"] for row in written["cases"]}
    profiles = {(row["case_id"], row["alternative"]): row["profile"] for row in written["dependency"]}
    found, sites = [], defaultdict(set)
    for row in written["ranking"]:
        own = (row["site_id"], row["stage_id"], profiles[row["case_id"], row["alternative"]], row["partner"], tracks[row["case_id"]])
        for criterion, weight in study.weights[row["partner"]].items():
            cell = find(criterion, own)
            if weight > 0 and cell and not cell["v"] and row["status"] != "screened":
                fact = (criterion, *(cell[key] for key in KEYS[1:]), cell["note"])
                found.append((fact, cell["site_id"], row, weight))
                sites[fact].add(cell["site_id"])
    told = defaultdict(list)
    for (criterion, *keys, note), site, row, weight in found:
        alone = len(sites[criterion, *keys, note]) == 1 or not note
        told[criterion, site if alone else "", *keys].append((row, weight, note, site))
    return told


def test_every_gap_counts_the_rows_that_wait_for_it(written, waiting):
    assert len(written["unknowns"]) == len(waiting) > 100
    for gap in written["unknowns"]:
        asked = {row["alternative"] for row, *_ in waiting[gap["criterion_id"], *(gap[key] for key in KEYS)]}
        assert int(gap["alternatives_touched"]) == len(asked), gap


def test_the_reason_of_a_gap_is_that_of_most_rows_that_wait_for_it(written, waiting):
    for gap in written["unknowns"]:
        reasons = defaultdict(set)
        for row, _, note, _ in waiting[gap["criterion_id"], *(gap[key] for key in KEYS)]:
            reasons[note].add(row["alternative"])
        assert len(reasons[gap["note"]]) == max(map(len, reasons.values())), gap


def test_a_swing_is_the_most_rows_that_one_answer_would_pass(written, waiting, number):
    """Lift all rows that wait for one cell and count, in its case, whom each passes or draws level with of those that stay."""
    standing = defaultdict(dict)
    for row in written["ranking"]:
        if row["rank"]:
            standing[row["case_id"]][row["alternative"]] = number(row["score"])
    for gap in written["unknowns"][:40]:
        asked, rising = waiting[gap["criterion_id"], *(gap[key] for key in KEYS)], defaultdict(set)
        for row, _, _, site in asked:
            rising[row["case_id"], site].add(row["alternative"])
        passed = []
        for row, weight, _, site in asked:
            here, with_it = number(row["score"]), rising[row["case_id"], site]
            known = sorted(score for name, score in standing[row["case_id"]].items() if name not in with_it)
            passed.append(bisect_right(known, here + weight + 1e-9) - bisect_right(known, here + 1e-9))
        assert int(gap["rank_swing"]) == max(passed), gap
