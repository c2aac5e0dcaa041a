"""Writes small folders of partner files for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GOOD: Mapping[str, str] = {
    "region.csv": (
        "id,name_de,name_en,population,ags,today,licence,fictional,source,illustrative\n"
        "probe,Probekreis,Test county,10000,,2026-11-23,CC0-1.0,yes,made for a test,yes\n"
    ),
    "towns.csv": "place,lat,lon,population,source,illustrative\nMusterstadt,50.6,9.2,8000,,yes\n",
    "actors.csv": (
        "id,name,type,place,lat,lon,languages,source,illustrative\n"
        "vhs,Volkshochschule Muster,course-provider,Musterstadt,50.61,9.21,deu|ara,,yes\n"
        "kim,Integrationsbüro Muster,municipality,Musterstadt,,,,,yes\n"
        "test,Teststelle Muster,test-centre,Neudorf,50.7,9.3,deu,,yes\n"
    ),
    "offerings.csv": (
        "id,actor,name,kind,level_in,level_out,requires,features,languages,online,source,illustrative\n"
        "kurs,vhs,Integrationskurs,integration-course,A0,B1,,childcare,,no,,yes\n"
        "beratung,kim,Beratung,counselling/case-management,,,,,,no,,yes\n"
        "b2,vhs,B2 online,vocational-language/B2,B1,B2,,-,,yes,,yes\n"
        "kita,kim,Kitaplatz,childcare/place,,,,,,no,,yes\n"
    ),
    "groups.csv": (
        "id,offering,start,modules,module_days,entry_modules,seats,booked,minimum,times,online,place,lat,lon,"
        "requires,features,source,illustrative\n"
        "g1,kurs,2026-12-07,7,28,1|3|5,20,5,12,mo-fr-am,no,,,,,wheelchair,,yes\n"
        "g2,kurs,2026-10-05,7,28,1|3|5,20,18,12,mo-fr-pm,no,,,,,,,yes\n"
        "g3,b2,2027-03-01,1,100,,15,4,15,mo-ev|we-ev,,,,,,,,yes\n"
    ),
    "services.csv": (
        "id,offering,first,last,every_days,seats,duration_days,times,online,place,lat,lon,requires,features,"
        "source,illustrative\n"
        "s1,beratung,2026-11-03,2026-12-31,7,2,1,tu-am,no,,,,,,,yes\n"
    ),
    "stock.csv": (
        "id,offering,free_from,number,duration_days,place,lat,lon,requires,features,source,illustrative\n"
        "k1,kita,2027-01-01,3,300,,,,,,,yes\n"
    ),
    "cooperation.csv": (
        "from,to,kind,agreement,since,source,illustrative\n"
        "kim,test,refers,Vereinbarung,2025-01-01,,yes\n"
        "test,vhs,cooperates,,,,yes\n"
    ),
}


def a_folder(at: Path, **changes: str | bytes | None) -> Path:
    """A folder of partner files without fault, but for the tables changed; None leaves a table out."""
    at.mkdir(parents=True, exist_ok=True)
    contents: dict[str, str | bytes | None] = dict(GOOD)
    contents |= {f"{table}.csv": content for table, content in changes.items()}
    for name, content in contents.items():
        if content is not None:
            (at / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return at


def with_line(table: str, line: str) -> str:
    """A good table with one more line."""
    return GOOD[f"{table}.csv"] + line + "\n"
