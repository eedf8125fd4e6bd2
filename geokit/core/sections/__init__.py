"""The sections of the assumptions, one file a subject; :mod:`geokit.core.assumptions` joins them."""
