"""Remarks in words that carry rules: notes on rooms, needs of residents, requirements of classes, kinds of blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from foyer.workbooks.levels import parse_level
from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import BadValue, Gender, is_blank, parse_date, parse_gender

_OUTAGE = re.compile(
    r"\b(rusak|perbaikan|diperbaiki|renovasi|bocor|tidak dipakai|tidak bisa dipakai|tutup|ditutup|broken|repairs?|"
    r"out of service|closed|renovation|damaged|leak\w*)\b"
)
_ACCESS = re.compile(r"\b(kursi roda|wheel ?chair|aksesibel|accessible|disabilitas|difabel|step free)\b")
_STAGE = re.compile(r"\b(?:tahap|stage|level)(?: kemandirian)?(?: min(?:imal)?)?\s*(\d)\b")
_RESERVE = re.compile(r"\b(isolasi|karantina|sakit|cadangan|darurat|uks|sick|quarantine|isolation|reserve|infirmary)\b")
_UNTIL = re.compile(r"\s*\b(?:sampai|hingga|s/d|until|till)\b\s*(.+)$", re.I)


@dataclass(frozen=True, slots=True)
class RoomNote:
    """What a room's remark says; ``unknown`` keeps what was not understood."""

    outage: str | None = None  # the reason; None: in service
    outage_until: date | None = None  # first night in service again; None: not known
    accessible: bool = False
    stage: int = 1
    reserve: bool = False
    unknown: str = ""


def parse_room_note(value: object, wing: object = None) -> RoomNote:
    """ "rusak: atap bocor", "akses kursi roda", "tahap 4"; a wing named for the sick makes a reserve room."""
    outage, until, unknown = None, None, []
    accessible, stage, reserve = False, 1, bool(_RESERVE.search(key(wing)))
    for piece in re.split(r"[;\n|]|,(?!\s*\d{4})|\bdan\b|\band\b", clean_text(value)):
        if is_blank(piece):
            continue
        words = key(piece)
        if _OUTAGE.search(words) or (outage is not None and not _meaning(words)):
            reason, until = _outage(piece, until)
            outage = f"{outage}, {reason}" if outage else reason
            continue
        if found := _STAGE.search(words):
            stage = max(1, min(4, int(found[1])))
        accessible = accessible or bool(_ACCESS.search(words))
        reserve = reserve or bool(_RESERVE.search(words))
        if not _meaning(words):
            unknown.append(clean_text(piece))
    return RoomNote(outage, until, accessible, stage, reserve, "; ".join(unknown))


def _meaning(words: str) -> bool:
    return bool(_STAGE.search(words) or _ACCESS.search(words) or _RESERVE.search(words))


def _outage(piece: str, until: date | None) -> tuple[str, date | None]:
    text = clean_text(piece)
    if found := _UNTIL.search(text):
        try:
            until = parse_date(found[1].strip(" ."))
            text = text[: found.start()].strip()
        except BadValue:
            pass  # the words stay in the reason
    label, colon, reason = text.partition(":")
    return (reason.strip() if colon and reason.strip() else label.strip()), until


# Needs of residents, as codes. The first three groups ask for a counsellor's skill.

_NEEDS = {
    "trauma": ("trauma", "kekerasan", "abuse", "violence", "korban kekerasan", "traumatis"),
    "abh": ("abh", "anak berhadapan dengan hukum", "hukum", "berhadapan dengan hukum", "in conflict with the law",
            "children in conflict with the law", "bapas", "diversi"),
    "addiction": ("adiksi", "napza", "narkoba", "kecanduan", "addiction", "substance use", "drugs", "drug use"),
    "family": ("keluarga", "family", "konflik keluarga", "family conflict", "masalah keluarga", "terlantar"),
    "grief": ("duka", "kedukaan", "grief", "kehilangan"),
    "wheelchair": ("kursi roda", "wheelchair", "pengguna kursi roda", "wheel chair", "tuna daksa", "mobility"),
    "hearing": ("tuli", "tuna rungu", "rungu", "deaf", "hearing", "bahasa isyarat", "sign language"),
    "sight": ("netra", "tuna netra", "blind", "sight", "low vision"),
    "learning": ("kesulitan belajar", "disleksia", "learning", "slow learner", "lambat belajar", "dyslexia"),
    "health": ("kesehatan", "asma", "epilepsi", "health", "asthma", "epilepsy", "obat rutin"),
}  # fmt: skip
NEED_CODES = tuple(_NEEDS)
GENERAL = {"umum", "general", "semua", "generalist"}
_NEED_OF = {key(phrase): code for code, phrases in _NEEDS.items() for phrase in phrases}


def parse_needs(value: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the needs (or of a counsellor's skills), and the words that are not known."""
    if is_blank(value):
        return (), ()
    if whole := _NEED_OF.get(key(value)):
        return (whole,), ()
    codes: list[str] = []
    unknown: list[str] = []
    for piece in re.split(r"[,;/\n&+]|\bdan\b|\band\b|\bserta\b", clean_text(value)):
        words = key(piece)
        if not words or words in GENERAL:
            continue
        if code := _need(words):
            codes.append(code)
        else:
            unknown.append(clean_text(piece))
    return tuple(dict.fromkeys(codes)), tuple(unknown)


def _need(words: str) -> str | None:
    if words in _NEED_OF:
        return _NEED_OF[words]
    for phrase, code in _NEED_OF.items():
        if len(phrase) > 3 and re.search(rf"\b{phrase}\b", words) and not re.search(r"\b(dan|and)\b", words):
            return code
    return None


# Requirements of a class


@dataclass(frozen=True, slots=True)
class Requirement:
    minimum_level: str | None = None
    minimum_age: int = 0
    genders: tuple[Gender, ...] = ()


_AT_LEAST = re.compile(r"^(?:min(?:imal|imum)?\.?|paling rendah|at least|sekurang kurangnya)\s*")
_AGE = re.compile(r"^(?:usia|umur|age|aged)?\s*(?:min(?:imal|imum)?\.?|at least|>=|≥)?\s*(\d{2})\s*"
                  r"(?:tahun|thn|th|years?|\+)?(?: (?:ke atas|and over|old))?$")  # fmt: skip


def parse_requirement(value: object) -> Requirement | None:
    """ "min. SMP", "usia min. 17 tahun", "perempuan"; several with commas."""
    if is_blank(value):
        return None
    level, age, genders = None, 0, []
    for piece in re.split(r"[,;\n]|\bdan\b|\band\b", clean_text(value).casefold()):
        text = piece.strip()
        if not text:
            continue
        if found := _AGE.match(text):
            age = int(found[1])
            continue
        words = re.sub(r"\b(khusus|saja|hanya|only)\b", "", text).strip()
        try:
            genders.append(parse_gender(words))
            continue
        except BadValue:
            pass
        try:
            level = parse_level(_AT_LEAST.sub("", re.sub(r"^(pendidikan|ijazah|education)\s*", "", text)))
        except BadValue:
            raise BadValue("requirement_not_understood") from None
    return Requirement(level, age, tuple(gender for gender in genders if gender))


# Blocks of the daily grid

_PROTECTED = (
    "ibadah", "sholat", "salat", "shalat", "solat", "doa", "prayer", "worship", "church", "gereja", "mengaji",
    "pengajian", "makan", "sarapan", "breakfast", "lunch", "dinner", "meal", "meals", "snack", "supper",
    "tidur", "istirahat", "rest", "sleep", "bangun", "wake", "mandi", "wash", "lights", "lampu",
    "apel", "absen", "roll", "assembly", "upacara", "piket", "chores", "kebersihan", "cleaning", "kerja bakti",
    "olahraga", "senam", "sport", "sports", "exercise", "kunjungan", "visit", "visits", "free", "bebas", "santai",
)  # fmt: skip
_ACTIVITY = (
    "kegiatan", "aktivitas", "activity", "activities", "kelas", "class", "classes", "pelatihan", "training",
    "keterampilan", "vokasional", "vocational", "sesi", "session", "pelajaran", "belajar", "lesson", "lessons",
    "pembelajaran", "study", "workshop", "bengkel", "bimbingan", "guidance", "konseling", "counselling", "program",
    "programme", "pendidikan", "education",
)  # fmt: skip


def parse_block(value: object) -> tuple[bool, bool]:
    """Whether a block of the day is for activities, and whether the words said so or it is only assumed."""
    words = set(key(value).split())
    if words & set(_PROTECTED):
        return False, True
    if words & set(_ACTIVITY):
        return True, True
    return False, False
