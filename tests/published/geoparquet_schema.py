"""What GeoParquet 1.1 asks of the metadata of a file.

Retyped from the JSON Schema of the specification: OGC GeoParquet, format-specs/schema.json (Apache-2.0), with the version of the
release. The reference system is only asked to be an object or null here; the tests read it with PROJ instead.
"""

from __future__ import annotations

KINDS = "(GeometryCollection|(Multi)?(Point|LineString|Polygon))( Z)?"
SIDES = ("xmin", "xmax", "ymin", "ymax")
COLUMN = {
    "type": "object",
    "required": ["encoding", "geometry_types"],
    "properties": {
        "encoding": {"type": "string", "pattern": "^(WKB|point|linestring|polygon|multipoint|multilinestring|multipolygon)$"},
        "geometry_types": {"type": "array", "uniqueItems": True, "items": {"type": "string", "pattern": f"^{KINDS}$"}},
        "crs": {"type": ["object", "null"]},
        "edges": {"type": "string", "enum": ["planar", "spherical"]},
        "orientation": {"type": "string", "const": "counterclockwise"},
        "bbox": {"type": "array", "items": {"type": "number"}, "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)]},
        "epoch": {"type": "number"},
        "covering": {
            "type": "object",
            "required": ["bbox"],
            "properties": {
                "bbox": {
                    "type": "object",
                    "required": list(SIDES),
                    "properties": {
                        side: {"type": "array", "items": [{"type": "string"}, {"const": side}], "additionalItems": False} for side in SIDES
                    },
                }
            },
        },
    },
}
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["version", "primary_column", "columns"],
    "properties": {
        "version": {"type": "string", "const": "1.1.0"},
        "primary_column": {"type": "string", "minLength": 1},
        "columns": {"type": "object", "minProperties": 1, "patternProperties": {".+": COLUMN}, "additionalProperties": False},
    },
}
