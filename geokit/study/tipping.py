"""The smallest change of one assumption, or the first day, that puts another alternative first: by halving, through the whole method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geokit.core.case import Case
from geokit.dependency.clauses import date_events, trace_states
from geokit.io.defaults import read_defaults
from geokit.study.replay import Question, Replay
from geokit.study.study import Study

COLUMNS = ["name", "now", "end", "tips_at", "same_at", "winner", "leader"]
HALVINGS = 5
"""How often the stretch to an end that tips is halved: the change is told to a 32nd of it."""
DAYS = 6
"""Days tried: the next ones on which the texts or the practice are dated to change."""
DATE = "date of the question"
"""What a row is called that moves the day."""
Tell = Callable[[int, int], None]
Row = tuple[str, str, str, str, str, str, str]


def find_tipping(
    study: Study, case: Case, *, trials: pd.DataFrame | None = None, replay: Replay | None = None,
    progress: Tell = lambda _done, _total: None,
) -> pd.DataFrame:  # fmt: skip
    """Return for each trial how far an assumption may move before another alternative comes first.

    Both ends are asked; where one has another winner, the stretch from today's figure to it is halved. What happens between an end
    with the same winner and today's figure is not asked: one that tips and tips back is not seen.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    trials : pandas.DataFrame, optional
        ``name``, ``low``, ``high`` (blank = of its own range); the packaged table when not given.
    replay : Replay, optional
        What was found before.
    progress : callable
        Called with how many rankings are done, and of how many at most.

    Returns
    -------
    pandas.DataFrame
        One row an assumption and end, and one for the date: ``name``, ``now``, ``end`` (the farthest figure or day tried), ``tips_at``
        (nearest figure or day found with another winner; blank = none), ``same_at`` (farthest found with the same), ``winner`` there
        and ``leader`` today. Figures and days as text.
    """
    replay = replay or Replay()
    replay.learn(study)
    asked = Question.of(study, case)
    trials = read_defaults("tipping") if trials is None else trials
    search = _Search(asked, replay, progress, total=1 + 2 * len(trials) * (1 + HALVINGS) + DAYS)
    rows = [row for one in trials.to_dict("records") for row in search.move(str(one["name"]), (float(one["low"]), float(one["high"])))]
    rows.append(search.wait(_list_days(study, case)))
    progress(search.total, search.total)
    return pd.DataFrame(rows, columns=COLUMNS)


def _list_days(study: Study, case: Case) -> list[dt.date]:
    """Return the next days on which a clause is dated to change, by what is known."""
    spells = trace_states(date_events(study.layers), known_on=case.known_on)
    days = sorted({str(day) for day in spells.loc[spells["track"] == case.track, "day"] if str(day) > case.on.isoformat()})
    return [dt.date.fromisoformat(day) for day in days if len(day) == len("2026-11-22")][:DAYS]


class _Search:
    """One case, moved one thing at a time."""

    def __init__(self, asked: Question, replay: Replay, progress: Tell, *, total: int) -> None:
        self.asked, self.replay, self.progress, self.total = asked, replay, progress, total
        self.done = 0
        self.values: Mapping[str, object] = dict(asked.assumptions.leaves())
        self.leader = self.lead(asked)

    def lead(self, question: Question) -> str:
        """Return who comes first; blank if nobody has a rank."""
        table = self.replay.answer(question)
        self.done += 1
        self.progress(self.done, self.total)
        first = table.index[table["rank"] == 1]
        return str(first[0]) if len(first) else ""

    def move(self, name: str, ends: tuple[float, float]) -> list[Row]:
        """Move one assumption to both ends; ends that are not given are those of its range."""
        now = float(str(self.values[name]))
        spread = [self.values.get(f"{name.rpartition('.')[0]}.{end}") for end in ("low", "high")]
        tried = [float(str(own)) if np.isnan(given) else given for own, given in zip(spread, ends, strict=True)]
        return [self._halve(name, now, end) for end in tried if end != now]

    def _halve(self, name: str, now: float, end: float) -> Row:
        """Look for the figure nearest to today's from which another leads."""
        whole = isinstance(self.values[name], int)

        def ask(figure: float) -> str:
            """Return who leads with another figure."""
            return self.lead(self.asked.replace(assumptions={name: round(figure) if whole else figure}))

        same, tips, winner = now, end, ask(end)
        if winner == self.leader:
            return (name, f"{now:.6g}", f"{end:.6g}", "", f"{end:.6g}", "", self.leader)
        for _ in range(HALVINGS):
            middle = (same + tips) / 2.0
            who = ask(middle)
            same, tips, winner = (middle, tips, winner) if who == self.leader else (same, middle, who)
        return (name, f"{now:.6g}", f"{end:.6g}", f"{tips:.6g}", f"{same:.6g}", winner, self.leader)

    def wait(self, days: list[dt.date]) -> Row:
        """Ask the question on later days, what is known staying as it is, until another leads."""
        now = same = self.asked.case.on
        for day in days:
            case = Case(self.asked.case.partner, day, self.asked.case.track, self.asked.case.known_on)
            if (who := self.lead(self.asked.replace(case=case))) != self.leader:
                return (DATE, str(now), str(days[-1]), str(day), str(same), who, self.leader)
            same = day
        return (DATE, str(now), str(same), "", str(same), "", self.leader)
