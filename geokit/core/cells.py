"""The table by which every stage reports its criteria, each at its own grain (``core/columns/cells.csv`` says what they mean)."""

from __future__ import annotations

CELL_KEYS = ("criterion_id", "site_id", "stage_id", "profile", "partner", "track")
"""The key; a blank means that the criterion does not vary by it."""
CELL_COLUMNS = (*CELL_KEYS, "value_low", "value", "value_high", "bound_low", "bound_high", "grade", "source_ids", "note", "holder")
"""All columns, in order."""
