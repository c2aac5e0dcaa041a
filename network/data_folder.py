"""Where the project's data lies: in the checkout, in the installed package, or where the environment says."""

from __future__ import annotations

import os
from pathlib import Path

from network.faults import Fault, PartnerFault


def data_folder(name: str) -> Path:
    """A folder of the project's data: ``partners`` or ``reference``.

    Raises
    ------
    PartnerFault
        When there is none.
    """
    rooms = Path(__file__).resolve().parent.parent
    named = os.environ.get("FOERDERKETTE_DATA")
    places = [Path(named)] if named else [rooms / "data", rooms / "foerderkette_data"]
    for place in places:
        if (place / name).is_dir():
            return place / name
    raise PartnerFault([Fault(str(places[0] / name), None, None, "no_folder")])
