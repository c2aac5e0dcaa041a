"""What one cell of a partner file says: text in, value out, or the reason why it cannot be read.

Lists inside a cell may be separated by ``|``, ``;`` or ``,``: the separator of the file itself has been dealt
with before, so all three are unambiguous here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from network.actors import CEFR_LEVELS, DAYS, HALF_DAYS, ActorType, CooperationKind
from network.kinds import KINDS
from network.labels import FEATURES, LABELS, TAGS

NONE_WORDS = frozenset({"-", "–", "keine", "keiner", "keins", "none"})
"""What says "none" in a list; an empty cell says "not stated"."""
GERMANY_LAT, GERMANY_LON = (47.2, 55.1), (5.8, 15.1)
YEARS = (2000, 2100)
YES = frozenset({"ja", "j", "yes", "y", "wahr", "true", "x", "1"})
NO = frozenset({"nein", "n", "no", "falsch", "false", "0"})

_ID = re.compile(r"[^\W_][\w./-]{0,59}")
_RESERVED = re.compile(r".*-(m\d+|from-\d+|\d{4}-\d{2}-\d{2})")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WHOLE = re.compile(r"(\d{1,12}|\d{1,3}([. \u00a0'’]\d{3}){1,3})([.,]0{1,2})?")
_DECIMAL_ZEROS = re.compile(r"[.,]0{1,2}$")
_DEGREES = re.compile(r"-?\d{1,9}([.,]\d{0,12})?")
_DAY_WORDS = {"mo": "mo", "di": "tu", "mi": "we", "do": "th", "fr": "fr", "sa": "sa"} | {d: d for d in DAYS}
_PARTS = {
    "am": ("am", "vm", "vormittag", "vormittags", "morning", "mornings"),
    "pm": ("pm", "nm", "nachmittag", "nachmittags", "afternoon", "afternoons"),
    "ev": ("ev", "ab", "abend", "abends", "evening", "evenings"),
}
_PART_WORDS = {word: part for part, words in _PARTS.items() for word in words}


class CellError(ValueError):
    """A cell that cannot be read: a code of ``faults.toml`` and what its sentence names."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {key: str(value) for key, value in values.items()}


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The most similar allowed word, or an empty string when none is similar."""
    by_folded = {candidate.casefold(): candidate for candidate in allowed}
    found = get_close_matches(word.casefold()[:60], by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def items(text: str) -> list[str]:
    """Items of a list in a cell."""
    if text.casefold() in NONE_WORDS:
        return []
    return [item for item in (part.strip() for part in re.split(r"[|;,]", text)) if item]


def plain(text: str) -> str:
    """Any text."""
    return text


def identifier(text: str) -> str:
    """An id: letters, digits, ``-_./``; not one that could collide with ids made from it."""
    if not _ID.fullmatch(text):
        raise CellError("bad_id", value=text)
    if _RESERVED.fullmatch(text):
        raise CellError("reserved_id", value=text)
    return text


def day(text: str) -> date:
    """A date, German (31.12.2026) or ISO (2026-12-31); years 2000 to 2100."""
    if found := _GERMAN_DATE.fullmatch(text):
        day_of_month, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day_of_month = (int(part) for part in found.groups())
    else:
        raise CellError("not_a_date", value=text)
    if not YEARS[0] <= year <= YEARS[1]:
        raise CellError("date_out_of_range", value=text)
    if not 1 <= month <= 12:
        raise CellError("not_a_date", value=text)
    last = monthrange(year, month)[1]
    if not 1 <= day_of_month <= last:
        raise CellError("impossible_date", value=text, last=f"{last:02}.{month:02}.{year}")
    return date(year, month, day_of_month)


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reader of a whole number within a range; thousands may be set off by points or spaces (250.000)."""

    def read(text: str) -> int:
        bare = text.lstrip("-−").strip()
        if not _WHOLE.fullmatch(bare):
            raise CellError("not_a_number", value=text)
        number = int(re.sub(r"\D", "", _DECIMAL_ZEROS.sub("", bare)))
        if bare != text and number:
            raise CellError("negative", value=text)
        if not low <= number <= high:
            raise CellError("number_range", value=text, low=low, high=high)
        return number

    return read


def degrees(text: str) -> float:
    """A number of degrees with decimal point or comma; where it lies is judged with the whole row."""
    bare = text.replace("°", "").strip()
    if not _DEGREES.fullmatch(bare):
        raise CellError("not_a_coordinate", value=text)
    return float(bare.replace(",", "."))


def yes_no(text: str) -> bool:
    """Yes or no, German or English."""
    folded = text.casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise CellError("not_yes_no", value=text)


def modules(text: str) -> tuple[int, ...]:
    """Module numbers, ascending, each once."""
    read = whole(1, 60)
    return tuple(sorted({read(item) for item in items(text)}))


def half_days(text: str) -> frozenset[str]:
    """Half-days; a run of days may be written once: ``mo-fr-am``."""
    return frozenset(half_day for item in items(text) for half_day in _half_day_run(item))


def _half_day_run(item: str) -> list[str]:
    words = [word for word in re.split(r"[-–\s.]+", item.casefold()) if word]
    known = 2 <= len(words) <= 3 and all(word in _DAY_WORDS for word in words[:-1])
    if not known or words[-1] not in _PART_WORDS:
        raise CellError("bad_half_day", value=item)
    first, last = DAYS.index(_DAY_WORDS[words[0]]), DAYS.index(_DAY_WORDS[words[-2]])
    run = [f"{name}-{_PART_WORDS[words[-1]]}" for name in DAYS[first : last + 1]]
    if not run or not set(run) <= set(HALF_DAYS):
        raise CellError("bad_half_day", value=item)
    return run


def _words(group: str, allowed: Iterable[str]) -> dict[str, str]:
    """Every accepted spelling of the allowed words: the id, its German and its English label."""
    spellings: dict[str, str] = {}
    for word in allowed:
        entry = LABELS[group][word]
        spellings |= {spelling.casefold(): word for spelling in (word, entry["de"], entry["en"])}
    return spellings


def _one_of(spellings: Mapping[str, str], code: str = "unknown_word") -> Callable[[str], str]:
    allowed = sorted(set(spellings.values()))

    def read(text: str) -> str:
        if text.casefold() not in spellings:
            found = nearest(text, spellings)
            raise CellError(
                code, value=text, allowed=", ".join(allowed), suggestion=spellings.get(found.casefold(), "")
            )
        return spellings[text.casefold()]

    return read


_tag = _one_of(_words("tag", TAGS))
_feature = _one_of(_words("feature", FEATURES))
_actor_type = _one_of(_words("actor_type", LABELS["actor_type"]))
_cooperation = _one_of(_words("cooperation", LABELS["cooperation"]))
_language = _one_of(_words("language", LABELS["language"]), "bad_language")
kind = _one_of(
    {spelling.casefold(): k.id for k in KINDS.values() for spelling in (k.id, k.label_de, k.label_en)},
    "unknown_kind",
)
level = _one_of({word.casefold(): word for word in CEFR_LEVELS})


def actor_type(text: str) -> ActorType:
    """What an organisation is."""
    return ActorType(_actor_type(text))


def cooperation_kind(text: str) -> CooperationKind:
    """How one actor works with another."""
    return CooperationKind(_cooperation(text))


def tags(text: str) -> frozenset[str]:
    """Tags that a participant must all have."""
    return frozenset(_tag(item) for item in items(text))


def features(text: str) -> frozenset[str]:
    """What is offered beside the content."""
    return frozenset(_feature(item) for item in items(text))


def languages(text: str) -> frozenset[str]:
    """Languages as ISO 639-3 codes or names; any three-letter code is taken as it is."""
    return frozenset(
        item.casefold() if re.fullmatch(r"[a-zA-Z]{3}", item) else _language(item) for item in items(text)
    )


def email(text: str) -> str:
    """An e-mail address, roughly."""
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+", text):
        raise CellError("bad_email", value=text)
    return text


def website(text: str) -> str:
    """A web address; only http and https, because pages show it as a link."""
    address = text if "://" in text else f"https://{text}"
    if not re.fullmatch(r"https?://[\w.-]+\.\w{2,}(:\d{1,5})?(/[^\s<>\"']*)?", address):
        raise CellError("bad_website", value=text)
    return address
