"""Preferences and assumptions that ship with the package; a user may pass their own."""
