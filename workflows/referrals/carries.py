"""Was eine Vermittlung mitnimmt: the data categories that a recipient needs for a kind of offering."""

from __future__ import annotations

from plans.consent import DataCategory

_BASE = frozenset({DataCategory.REFERENCE, DataCategory.IDENTITY})
_COURSE = _BASE | {DataCategory.LANGUAGE, DataCategory.AVAILABILITY}

NEEDED: dict[str, frozenset[DataCategory]] = {
    "counselling": _BASE | {DataCategory.LANGUAGE},
    "placement-test": _BASE | {DataCategory.LANGUAGE},
    "orientation-course": _COURSE,
    "integration-course": _COURSE,
    "literacy-course": _COURSE,
    "vocational-language": _COURSE | {DataCategory.EDUCATION},
    "recognition": _BASE | {DataCategory.EDUCATION},
    "qualification": _COURSE | {DataCategory.EDUCATION},
    "school": _COURSE | {DataCategory.EDUCATION},
    "coaching": _COURSE | {DataCategory.EDUCATION},
    "job": _COURSE | {DataCategory.EDUCATION},
    "childcare": _BASE | {DataCategory.FAMILY, DataCategory.AVAILABILITY},
    "housing": _BASE | {DataCategory.FAMILY},
}
"""By the first part of the kind. Assumption, after the registration form of IntV § 7(1) for courses."""


def needed_for(kind: str) -> frozenset[DataCategory]:
    """Return what is carried where nobody chooses otherwise: only what the recipient needs.

    Parameters
    ----------
    kind : str
        Kind of slot, such as ``integration-course/from-3``; an unknown one needs reference and identity.
    """
    return NEEDED.get(kind.partition("/")[0], _BASE)
