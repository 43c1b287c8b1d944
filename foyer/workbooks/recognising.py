"""Which sheet is which, and which column says what: by headings, by contents, by what the house answered before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foyer.workbooks.likeness import MAYBE, SURE, contents_share, heading_score, likeness, split_rank
from foyer.workbooks.reading import Sheet
from foyer.workbooks.text import clean_text, key
from foyer.workbooks.vocabulary import CORRECTIONS, IGNORE, KINDS, Kind, Meaning

LOOK_AT = 15  # headings stand among the first rows
_ENOUGH = 2.2
_MARGIN = 0.35
_CERTAIN_CONTENTS = ("nik", "gender", "birth_date", "place_and_date")
_TELLING_CONTENTS = (*_CERTAIN_CONTENTS, "date", "time", "span", "day", "count")


@dataclass(frozen=True, slots=True)
class Heading:
    column: int
    text: str  # as typed; two rows joined with a space
    key: str
    lower: str = ""  # the key of the lower row's own text


@dataclass(frozen=True, slots=True)
class Answers:
    """What the house said before about sheets and columns, by signature; values are kinds, meanings or "ignore"."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """Something not recognised. ``about`` is "sheet" or "column"; ``signature`` is how the answer is remembered."""

    about: str
    signature: str
    sheet: str
    kind: str | None = None  # of the column's sheet
    column: int | None = None
    heading: str = ""
    samples: tuple[str, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    heading: str
    meaning: str  # a key of the kind's columns, or "ignore"
    rank: int | None = None
    by: str = "heading"  # heading, contents or answer


def headings_of(sheet: Sheet, first: int, last: int) -> tuple[Heading, ...]:
    """The headings in one row, or in two rows where the upper one spans several columns."""
    if first == last:
        cells = sheet.rows.get(first, {})
        return tuple(_heading(column, clean_text(cell.value)) for column, cell in sorted(cells.items()) if cell.value)
    found: list[Heading] = []
    columns = sorted(set(sheet.rows.get(first, {})) | set(sheet.rows.get(last, {})))
    group = ""
    for column in columns:
        upper, lower = _text(sheet, first, column), _text(sheet, last, column)
        if upper:
            group = upper if lower and lower != upper else ""
        elif lower:
            upper = group  # a heading over several columns, not merged
        text = lower if upper == lower else f"{upper} {lower}".strip()
        if text:
            found.append(_heading(column, text, lower if lower != upper else ""))
    return tuple(found)


def _heading(column: int, text: str, lower: str = "") -> Heading:
    return Heading(column, text, key(text), key(lower))


def _text(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.spread(row, column)
    return clean_text(cell.value) if cell else ""


def best_score(heading: Heading, meaning: Meaning) -> float:
    score = heading_score(heading.key, meaning)
    if heading.lower:
        score = max(score, 0.95 * heading_score(heading.lower, meaning))
    return score


def assign(headings: Sequence[Heading], kind: Kind, least: float = SURE) -> dict[int, tuple[str, float]]:
    """Column to meaning and score, surest first; a meaning is given once unless several columns may have it."""
    offers = sorted(
        (
            (score, -order, heading.column, name)
            for heading in headings
            for order, (name, meaning) in enumerate(kind.columns.items())
            if (score := best_score(heading, meaning)) >= least
        ),
        reverse=True,
    )
    taken: set[str] = set()
    result: dict[int, tuple[str, float]] = {}
    for score, _order, column, name in offers:
        meaning = kind.columns[name]
        if column in result or (name in taken and not (meaning.many or meaning.ranked)):
            continue
        result[column] = (name, score)
        taken.add(name)
    return result


def title_score(titles: Sequence[str], kind: Kind) -> float:
    """How much the sheet's name and the line above the table speak for a kind of sheet."""
    return sum(
        weight * max((likeness(key(title), key(name)) for name in kind.names), default=0.0)
        for weight, title in zip((1.8, 0.9), titles, strict=False)
    )


def kind_score(headings: Sequence[Heading], kind: Kind, title: float) -> float:
    """How much a row of headings speaks for a kind of sheet, the names above it included."""
    found = assign(headings, kind)
    meanings = {name for name, _score in found.values()}
    score = sum(score * kind.columns[name].weight for name, score in found.values())
    score += title - 0.12 * (len(headings) - len(found))
    if not all(meanings & set(group) for group in kind.needs):
        score *= 0.75 if title >= 1.6 else 0.35
    return score


def header_places(sheet: Sheet, rows: Sequence[int]) -> list[tuple[int, int]]:
    """Where headings may stand: one row, or two where the rows are text and follow each other."""
    places = []
    for row in rows:
        places.append((row, row))
        if _is_wordy(sheet, row) and _is_wordy(sheet, row + 1):
            places.append((row, row + 1))
    return places


def _is_wordy(sheet: Sheet, row: int) -> bool:
    cells = [cell.value for cell in sheet.rows.get(row, {}).values()]
    if not cells:
        return False
    words = sum(isinstance(value, str) and not value.strip().isdecimal() for value in cells)
    small = sum(isinstance(value, int | float) and 0 < value < 10 for value in cells)  # "Pilihan" over 1, 2, 3
    return words + small == len(cells)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a table's headings are and which kind it is; ``kind`` None: not sure, ``guess`` is the likeliest."""

    place: tuple[int, int]
    kind: str | None
    guess: str | None


def judge(sheet: Sheet, rows: Sequence[int], titles: Sequence[str]) -> Verdict | None:
    """Find the headings among ``rows`` and the kind of table they head. None where nothing looks like headings."""
    best: dict[str, tuple[float, tuple[int, int]]] = {}
    named = {name: title_score(titles, kind) for name, kind in KINDS.items()}
    for place in header_places(sheet, rows):
        headings = headings_of(sheet, *place)
        if len(headings) < 2:
            continue
        for name, kind in KINDS.items():
            score = kind_score(headings, kind, named[name]) - (0.3 if place[0] != place[1] else 0.0)
            if score > best.get(name, (0.0, place))[0]:
                best[name] = (score, place)
    ranked = sorted(((score, name) for name, (score, _place) in best.items()), reverse=True)
    if not ranked:
        wordiest = _wordiest(sheet, rows)
        return Verdict(wordiest, None, None) if wordiest else None
    score, name = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    sure = score >= _ENOUGH and score - second >= _MARGIN
    place = best[name][1]
    if not sure and score < 1.0:
        place = _wordiest(sheet, rows) or place
    return Verdict(place, name if sure else None, name)


def _wordiest(sheet: Sheet, rows: Sequence[int]) -> tuple[int, int] | None:
    counted = [(len(headings_of(sheet, row, row)), -row) for row in rows if _is_wordy(sheet, row)]
    counted = [item for item in counted if item[0] >= 2]
    return (-max(counted)[1], -max(counted)[1]) if counted else None


def sheet_signature(sheet: Sheet, headings: Sequence[Heading]) -> str:
    return f"{key(sheet.name)}|{'|'.join(heading.key for heading in headings)}"[:500]


def column_signature(kind: str, heading: Heading) -> str:
    return f"{kind}|{heading.key or f'#{heading.column}'}"[:500]


def recognise_columns(
    sheet: Sheet, kind_name: str, headings: Sequence[Heading], values: Mapping[int, list[object]], answers: Answers
) -> tuple[list[Column], list[Question]]:
    """Every column's meaning, by answer, heading or contents; what is left becomes questions."""
    kind = KINDS[kind_name]
    known = list(headings)
    known += [_heading(column, "") for column in sorted(set(values) - {heading.column for heading in headings})]
    columns = [_answered(kind_name, heading, answers) for heading in known]
    settled = {column.index: column for column in columns if column}
    taken = {column.meaning for column in settled.values()}
    rest = [heading for heading in known if heading.column not in settled]
    for index, (name, _score) in assign(rest, kind).items():
        meaning = kind.columns[name]
        if (name in taken and not (meaning.many or meaning.ranked)) or _contradicted(meaning, values.get(index, [])):
            continue
        settled[index] = _column(next(h for h in rest if h.column == index), name, meaning, "heading")
        taken.add(name)
    questions = []
    for heading in known:
        if heading.column in settled or not values.get(heading.column):
            continue
        found = _by_contents(kind, values[heading.column], taken)
        if found and kind.columns[found].reads in _CERTAIN_CONTENTS:
            settled[heading.column] = _column(heading, found, kind.columns[found], "contents")
            taken.add(found)
            continue
        questions.append(_question(sheet, kind_name, heading, values[heading.column], found, taken))
    return [settled[index] for index in sorted(settled)], questions


def _answered(kind_name: str, heading: Heading, answers: Answers) -> Column | None:
    answer = answers.columns.get(column_signature(kind_name, heading))
    meaning = KINDS[kind_name].columns.get(answer or "")
    if answer == IGNORE or heading.key in CORRECTIONS:
        return Column(heading.column, heading.text, IGNORE, None, "answer")
    return _column(heading, answer or "", meaning, "answer") if meaning else None


def _column(heading: Heading, name: str, meaning: Meaning, by: str) -> Column:
    rank = split_rank(heading.key)[1] if meaning.ranked else None
    return Column(heading.column, heading.text, name, rank, by)


def _contradicted(meaning: Meaning, values: list[object]) -> bool:
    """A heading is not believed where hardly any value can be read that way."""
    if meaning.reads not in _TELLING_CONTENTS:
        return False
    share = contents_share(values, meaning.reads)
    return share is not None and len(values) >= 4 and share < 0.15


def _by_contents(kind: Kind, values: list[object], taken: set[str]) -> str | None:
    if len(values) < 3:
        return None
    offers = [
        ((contents_share(values, meaning.reads) or 0.0), -order, name)
        for order, (name, meaning) in enumerate(kind.columns.items())
        if meaning.reads in (*_CERTAIN_CONTENTS, "day", "time", "span", "scope", "policy", "level")
        and name not in taken
    ]
    good = [offer for offer in offers if offer[0] >= 0.8]
    return max(good)[2] if good else None


def _question(
    sheet: Sheet, kind_name: str, heading: Heading, values: list[object], found: str | None, taken: set[str]
) -> Question:
    offers = [
        (best_score(heading, meaning), name)
        for name, meaning in KINDS[kind_name].columns.items()
        if heading.text and name not in taken
    ]
    best = max(offers, default=(0.0, ""))
    samples = tuple(dict.fromkeys(clean_text(value) for value in values))[:3]
    suggestion = found or (best[1] if best[0] >= MAYBE else None)
    signature = column_signature(kind_name, heading)
    return Question("column", signature, sheet.name, kind_name, heading.column, heading.text, samples, suggestion)
