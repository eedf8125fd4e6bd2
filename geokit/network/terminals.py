"""What a route that ends or starts at a quay leaves out: the terminal's list of cargoes, its plans and its charges."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.network.passages import shut_rows
from geokit.network.rates import takes_product
from geokit.network.sea import CORNERS, port_charges

REFUSED = "{port} may not load {product}; its contract names {cargoes}"
CHARGED = "port charges of {port}, {mode:.3g} USD/t ({low:.3g} to {high:.3g}), are no part of this cost"
UNFOUND = "port charges of {port} were not found and are no part of this cost"


def tell_terminal(port_id: str, product_id: str, layers: Mapping[str, pd.DataFrame]) -> str:
    """Say whether a port may load a product, and which of its charges a route up to its quay leaves out.

    Parameters
    ----------
    port_id : str
        A port of the country.
    product_id : str
        What moves; blank is bulk cargo of any kind, which no list of cargoes is held against.
    layers : mapping of str to pandas.DataFrame
        Needs ``ports``, ``port_charges`` and ``products``.

    Returns
    -------
    str
        Clauses separated by ``;``.
    """
    asked = pd.DataFrame([(port_id, product_id)], columns=["via_port_id", "product_id"])
    told = []
    if product_id and not takes_product(layers["ports"], asked["via_port_id"], asked["product_id"]).all():
        cargoes = layers["ports"].set_index("port_id").loc[port_id, "takes_product_ids"]
        told.append(REFUSED.format(port=port_id, product=product_id, cargoes=str(cargoes).replace("|", ", ")))
    charge = port_charges(asked, layers).iloc[0]
    low, mode, high = (float(charge[name]) for name in CORNERS)
    told.append((CHARGED if charge["found"] else UNFOUND).format(port=port_id, low=low, mode=mode, high=high))
    return "; ".join(told)


def planned_cargoes(port_id: str, product_id: str, layers: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the passages at a port that a product needs and that are not stated as open, such as a quay for it that is only planned.

    Parameters
    ----------
    port_id : str
        A port of the country.
    product_id : str
        What moves.
    layers : mapping of str to pandas.DataFrame
        Needs ``passages`` and ``passage_links``.

    Returns
    -------
    tuple of str
        Names, sorted.
    """
    rows = shut_rows(layers)
    here = rows[(rows["port_id"] == port_id) & rows["product_id"].isin(["", product_id])]
    return tuple(sorted(set(here["passage"])))
