"""Styles of the layers for QGIS and for other programs, in the symbols and colours of the page."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import pandas as pd

from geokit.outputs.style import GROUPS

INK, MUTED, ALERT, SEA = "#1F2933", "#7D8893", "#D55E00", "#0072B2"


@dataclass(frozen=True)
class Mark:
    """How the features of a layer look.

    Attributes
    ----------
    kind : str
        ``marker``, ``line`` or ``fill``.
    colour : str
        As in ``#0072B2``.
    form : str
        Shape of a marker, or dashes of a line, by the words of QGIS.
    size : float
        Size of a marker or width of a line, millimetres.
    label : str
        Column that is printed beside the features; blank for none.
    by : str
        Column by which the look differs; blank for none.
    cases : tuple of (str, str, str)
        Word of that column, colour and form.
    """

    kind: str
    colour: str
    form: str = "solid"
    size: float = 0.3
    label: str = ""
    by: str = ""
    cases: tuple[tuple[str, str, str], ...] = ()


MARKS = {
    "provinces": Mark("fill", MUTED, "solid", 0.2, label="label"),
    "disputed_lines": Mark("line", INK, "dash", 0.3),
    "links": Mark("line", INK, "solid", 0.35, by="mode", cases=(("road", INK, "solid"), ("rail", INK, "dot"))),
    "closures": Mark("line", ALERT, "solid", 1.0, label="name"),
    "hauls": Mark("line", MUTED, "solid", 0.1, by="kind", cases=(
        ("feed", MUTED, "solid"), ("port", INK, "solid"), ("delivered", SEA, "dash"), ("sea", SEA, "dash"), ("plant", SEA, "dash"),
    )),
    "ports": Mark("marker", SEA, "triangle", 3.0, label="name"),
    "deposits": Mark("marker", MUTED, "circle", 2.4, by="group", cases=tuple((one.label, one.colour, "circle") for one in GROUPS)),
    "sites": Mark("marker", INK, "square", 3.4, label="best_rank"),
    "ranking": Mark("marker", INK, "diamond", 2.0),
}  # fmt: skip
"""By layer: the symbol grammar of the page."""
COLUMNS = (
    "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD", "useAsDefault",
    "description", "owner", "ui",
)  # fmt: skip
"""Columns of the table of styles, as QGIS names them."""
ABOUT = "symbols of the page"
SLD_FORMS = {"circle": "circle", "square": "square", "triangle": "triangle", "diamond": "square"}
DASHES = {"solid": "", "dash": "4 2", "dot": "1 2"}


def list_styles(names: list[str], shape_column: str) -> pd.DataFrame:
    """Return the table of styles that QGIS looks for in a GeoPackage.

    Parameters
    ----------
    names : list of str
        Layers of the file.
    shape_column : str
        Column of the geometry.

    Returns
    -------
    pandas.DataFrame
        One row a layer, each the default of its layer; columns as QGIS writes them.
    """
    rows = [
        ("", "", name, shape_column, f"geokit {name}", write_qml(MARKS[name]), write_sld(name, MARKS[name]), True, ABOUT, "", "")
        for name in names
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_qml(mark: Mark) -> str:
    """Return a style as QGIS reads it."""
    looks = [("", mark.colour, mark.form), *mark.cases]
    symbols = "".join(_write_symbol(mark, str(at), colour, form=form) for at, (_, colour, form) in enumerate(looks))
    if mark.by:
        cases = [(word, str(at)) for at, (word, _, _) in enumerate(mark.cases, 1)]
        listed = "".join(f'<category value={quoteattr(word)} symbol="{at}" label={quoteattr(word)} render="true"/>' for word, at in cases)
        listed += '<category value="" symbol="0" label="other" render="true"/>'
        renderer = f'<renderer-v2 type="categorizedSymbol" attr="{mark.by}" enableorderby="0" symbollevels="0">'
        renderer += f"<categories>{listed}</categories>"
    else:
        renderer = '<renderer-v2 type="singleSymbol" enableorderby="0" symbollevels="0">'
    labels = _write_labels(mark.label) if mark.label else ""
    head = f'<qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="{int(bool(mark.label))}">'
    return f"<!DOCTYPE qgis>{head}{renderer}<symbols>{symbols}</symbols></renderer-v2>{labels}</qgis>"


def write_sld(name: str, mark: Mark) -> str:
    """Return a style as the Styled Layer Descriptor 1.0 has it; it has no diamond, which is a square there."""
    looks = list(mark.cases) or [("", mark.colour, mark.form)]
    rules = []
    for word, colour, form in looks:
        equal = f"<ogc:PropertyName>{mark.by}</ogc:PropertyName><ogc:Literal>{_escape(word)}</ogc:Literal>"
        chosen = f"<ogc:Filter><ogc:PropertyIsEqualTo>{equal}</ogc:PropertyIsEqualTo></ogc:Filter>" if word else ""
        rules.append(f"<Rule>{chosen}{_write_symbolizer(mark, colour, form)}</Rule>")
    spaces = 'xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc"'
    style = f"<UserStyle><FeatureTypeStyle>{''.join(rules)}</FeatureTypeStyle></UserStyle>"
    return f'<StyledLayerDescriptor version="1.0.0" {spaces}><NamedLayer><Name>{name}</Name>{style}</NamedLayer></StyledLayerDescriptor>'


def _write_symbol(mark: Mark, name: str, colour: str, *, form: str) -> str:
    """Return one symbol of QGIS."""
    options = {
        "marker": {"name": form, "color": _rgba(colour), "outline_color": _rgba("#FFFFFF"), "outline_width": "0.2",
                   "size": f"{mark.size:g}", "size_unit": "MM"},
        "line": {"line_color": _rgba(colour), "line_style": form, "line_width": f"{mark.size:g}", "line_width_unit": "MM"},
        "fill": {"style": "no", "outline_color": _rgba(colour), "outline_style": form, "outline_width": f"{mark.size:g}"},
    }[mark.kind]  # fmt: skip
    drawer = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}[mark.kind]
    told = "".join(f'<Option name="{key}" type="QString" value="{value}"/>' for key, value in options.items())
    layer = f'<layer class="{drawer}" enabled="1" locked="0" pass="0"><Option type="Map">{told}</Option></layer>'
    return f'<symbol type="{mark.kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _write_labels(column: str) -> str:
    """Return labels of QGIS: the words of a column with a white edge."""
    text = f'<text-style fieldName="{column}" fontSize="8" textColor="{_rgba(INK)}" isExpression="0">'
    edge = '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
    return f'<labeling type="simple"><settings calloutType="simple">{text}{edge}</text-style></settings></labeling>'


def _write_symbolizer(mark: Mark, colour: str, form: str) -> str:
    """Return one symbol of the Styled Layer Descriptor."""
    dashes = f'<CssParameter name="stroke-dasharray">{DASHES[form]}</CssParameter>' if DASHES.get(form) else ""
    width = f'<CssParameter name="stroke-width">{mark.size * 3.78:.2g}</CssParameter>'
    stroke = f'<Stroke><CssParameter name="stroke">{colour}</CssParameter>{width}{dashes}</Stroke>'
    if mark.kind == "line":
        return f"<LineSymbolizer>{stroke}</LineSymbolizer>"
    if mark.kind == "fill":
        return f"<PolygonSymbolizer>{stroke}</PolygonSymbolizer>"
    filled = f'<Fill><CssParameter name="fill">{colour}</CssParameter></Fill>'
    drawn = f"<Mark><WellKnownName>{SLD_FORMS[form]}</WellKnownName>{filled}</Mark><Size>{mark.size * 3.78:.2g}</Size>"
    return f"<PointSymbolizer><Graphic>{drawn}</Graphic></PointSymbolizer>"


def _rgba(colour: str) -> str:
    """Return a colour as QGIS writes it."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def _escape(text: str) -> str:
    """Return text that stands between two tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
