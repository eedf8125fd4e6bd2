"""dependency."""
