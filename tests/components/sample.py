"""What the components are shown with in tests: one invented house, one of everything."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from foyer.timetable import Block, Week, WeekDay, WeekSession

DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"]
MONDAY = date(2027, 1, 4)


class EveryField(FlaskForm):
    name = StringField("Nama lengkap", [DataRequired("Tuliskan nama lengkap, seperti di kartu identitas.")])
    password = PasswordField("Kata sandi", [DataRequired("Tuliskan kata sandi.")])
    trade = SelectField(
        "Kelas", choices=[SelectChoice("oto", "Otomotif"), SelectChoice("jht", "Menjahit")], validators=[Optional()]
    )
    gender = RadioField(
        "Jenis kelamin",
        choices=[SelectChoice("female", "Perempuan"), SelectChoice("male", "Laki-laki")],
        validators=[DataRequired("Pilih salah satu.")],
    )
    needs = SelectMultipleField(
        "Kebutuhan",
        choices=[SelectChoice("chair", "Kursi roda"), SelectChoice("quiet", "Kamar tenang")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
    agreed = BooleanField("Wali sudah setuju", description="Simpan surat persetujuannya di berkas.")
    born_on = DateField("Tanggal lahir", [Optional()], description="Misalnya 4 Januari 2009.")
    beds = IntegerField("Jumlah tempat tidur", [Optional()])
    workbook = FileField("Buku kerja", description="Berkas .xlsx, paling besar 10 MB.")
    remarks = TextAreaField("Catatan", [Optional()])


def blocks(weekday: int) -> tuple[Block, ...]:
    friday = weekday == 4
    noon = 11 * 60 + 30 if friday else 12 * 60
    after_noon = 13 * 60 + 15 if friday else 13 * 60

    def quiet(start: int, end: int, name: str) -> Block:
        return Block(start, end, name, "protected")

    trade = WeekSession("Otomotif Sepeda Motor", "Bengkel Otomotif 1", "Wasis Nuraini", "class")
    school = WeekSession("Paket C", "Ruang Kelas 2", "Dewi Lestari", "education")
    talk = WeekSession(
        "Konseling", "Ruang Konseling 1", "Eka Widodo", "appointment", "minggu genap", 15 * 60 + 30, 16 * 60 + 15
    )
    mornings = (trade,) if weekday != 5 else ()
    return (
        quiet(270, 315, "Ibadah pagi"),
        quiet(315, 390, "Piket dan olahraga"),
        quiet(390, 450, "Sarapan"),
        quiet(450, 480, "Apel pagi"),
        Block(480, 600, "Kegiatan", sessions=mornings),
        Block(615, noon, "Kegiatan", sessions=mornings if weekday in (0, 2, 4) else ()),
        quiet(noon, after_noon, "Ibadah dan makan siang"),
        Block(795, 900, "Kegiatan", sessions=(school,) if weekday in (1, 3, 5) else ()),
        Block(930, 1020, "Kegiatan", sessions=(talk,) if weekday == 2 else ()),
        quiet(1065, 1155, "Ibadah dan makan malam"),
        Block(1170, 1260, "Kegiatan malam", sessions=(school,) if weekday == 0 else ()),
        quiet(1290, 1320, "Absen malam"),
    )


def week() -> Week:
    return Week(
        tuple(
            WeekDay(
                weekday=index,
                label=label,
                blocks=blocks(index),
                date=MONDAY + timedelta(days=index),
                is_today=index == 2,
                holiday="Isra Mikraj" if index == 1 else None,
            )
            for index, label in enumerate(DAYS)
        )
    )


def wings() -> list[SimpleNamespace]:
    def wing(name: str, states: str, note: str = "") -> SimpleNamespace:
        words = {"t": "taken", "f": "free", "r": "reserved", "o": "out"}
        beds = [
            SimpleNamespace(state=words[letter], label=f"{name}, tempat tidur {number}")
            for number, letter in enumerate(states, 1)
        ]
        return SimpleNamespace(name=name, beds=beds, url="/house", note=note)

    return [
        wing("Asrama Melati", "t" * 27 + "ff" + "r", "kamar putri"),
        wing("Asrama Dahlia", "t" * 20 + "fff" + "o"),
        wing("Asrama Kenanga", "t" * 30 + "rr" + "oo"),
        wing("Asrama Flamboyan", "t" * 25 + "f" * 7),
    ]


STEPS = [
    {"label": "Prepare", "state": "done", "note": "112 residents, 11 classes", "url": "/1"},
    {"label": "Wishes", "state": "done", "note": "109 of 112 have chosen"},
    {
        "label": "Draft",
        "state": "current",
        "missing": "Two instructors have no hours yet.",
        "who": "Ratna",
        "due": "by 18 Dec",
        "url": "/3",
    },
    {"label": "Review", "state": "todo"},
    {"label": "Publish", "state": "todo", "due": "by 28 Dec"},
    {"label": "Run", "state": "todo"},
    {"label": "Close", "state": "todo"},
]

LOADS = [
    SimpleNamespace(name="Eka Widodo", value=12, maximum=13, url="/1", note="trauma dan kekerasan"),
    SimpleNamespace(name="Asirwada Hidayanto", value=14, maximum=14, url=None, note=""),
    SimpleNamespace(name="Upik Mayasari", value=12, maximum=11, url=None, note=""),
    SimpleNamespace(name="Almira Pratiwi", value=0, maximum=14, url=None, note=""),
]

CHOICES = [(1, 92), (2, 14), (3, 4), (None, 2)]
NIGHTS = [(MONDAY + timedelta(days=n), 98 + (n * 7) % 5 + min(n, 14) - (n > 100) * 9) for n in range(119)]
POINTS = [[0, None, 210]] + [
    [t, round(900 - 560 * (1 - 0.94**t)), round(210 + 118 * (1 - 0.9**t))] for t in range(1, 60)
]


def values() -> dict[str, object]:
    """What the pages in tests/components/pages are filled with."""
    return {
        "figures": FIGURES,
        "steps": STEPS,
        "wings": wings(),
        "choices": CHOICES,
        "loads": LOADS,
        "nights": NIGHTS,
        "points": POINTS,
        "week": week(),
    }


FIGURES = [
    {"figure": "109", "of": "120", "label": "beds taken tonight", "url": "/beds"},
    {"figure": "3", "of": None, "label": "things need you", "url": "/todo"},
    {"figure": "6", "of": "17", "label": "weeks of cycle I", "url": None},
]
