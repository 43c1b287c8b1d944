"""What a template of each kind of document may name, with words for the person who writes it and made-up data for the
trial. What a kind does not list cannot come onto its paper: a certificate has no field for needs, law or categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.caseload.rights import Part
from foyer.papers.models import PaperKind

LONG = "Kalimat panjang untuk menguji tata letak halaman, dengan kata-kata yang berlanjut ke baris berikutnya. " * 40


@dataclass(frozen=True)
class PaperField:
    """One thing that a template may name: ``{{ name }}``; with ``columns`` a list, each row with these parts."""

    name: str
    about: Any  # words, lazily translated
    sample: str = ""
    columns: Mapping[str, str] | None = None  # part: its sample

    @property
    def empty(self) -> Any:
        return "" if self.columns is None else []

    @property
    def full(self) -> Any:
        return self.sample if self.columns is None else [dict(self.columns)] * 3

    @property
    def long(self) -> Any:
        if self.columns is None:
            return LONG if len(self.sample) > 40 else "W" * 90 + " " + self.sample
        return [dict.fromkeys(self.columns, LONG[:400])] * 6


def _f(name: str, about: Any, sample: str = "") -> PaperField:
    return PaperField(name, about, sample)


_HOUSE = (
    _f("instansi", _l("The authority above the house"), "Dinas Sosial Provinsi Contoh"),
    _f("panti", _l("The house's name"), "PSBR Contoh"),
    _f("alamat_panti", _l("The house's address"), "Jalan Contoh 1, Kota Contoh"),
    _f("tempat", _l("The town in front of the date"), "Kota Contoh"),
    _f("tanggal", _l("The day of issue"), "13 Januari 2027"),
    _f("nomor_surat", _l("The number in the register"), "001/LS/I/2027"),
    _f("penandatangan", _l("Who signs"), "Kepala Contoh"),
    _f("jabatan", _l("The signer's office"), "Kepala Panti"),
    _f("nip", _l("The signer's staff number (NIP)"), "198001012005011001"),
    _f("sebutan", _l("The house's word for its residents"), "warga binaan"),
)
_PERSON = (
    _f("nama", _l("Name; initials where the identity is protected"), "Remaja Contoh"),
    _f("tempat_lahir", _l("Place of birth"), "Kota Contoh"),
    _f("tanggal_lahir", _l("Date of birth"), "1 Mei 2009"),
    _f("umur", _l("Age in years"), "17"),
    _f("jenis_kelamin", _l("Gender"), "laki-laki"),
)
_STAY = (
    _f("tanggal_masuk", _l("First day of the stay"), "4 Januari 2027"),
    _f("tanggal_keluar", _l("Planned or actual day of leaving"), "2 Mei 2027"),
    _f("pendidikan", _l("Last education"), "SMP"),
    _f("siklus", _l("The cycle"), "Siklus I 2027"),
    _f("keterampilan", _l("The trade that is learnt"), "Otomotif"),
    _f("kelas", _l("The code of the class"), "OTO-1"),
    _f("instruktur", _l("The class's instructor"), "Instruktur Contoh"),
    _f("konselor", _l("The responsible counsellor"), "Pekerja Sosial Contoh"),
    _f("tahap", _l("Stage of independence, 1 to 4"), "2"),
)
_PROGRESS = (
    PaperField(
        "kehadiran",
        _l("Attendance of the stay, shown as counts"),
        columns={"keterangan": "Hadir", "jumlah": "24"},
    ),
    PaperField(
        "kompetensi",
        _l("Competencies that the instructor checked off"),
        columns={"nama": "Menyervis rem cakram", "tanggal": "1 Maret 2027"},
    ),
    PaperField(
        "asesmen",
        _l("Assessment by domain: first and latest level, in the words of the scale"),
        columns={
            "ranah": "Keluarga, teman, dan orang lain",
            "awal": "2 dari 5: sering menarik diri",
            "terakhir": "4 dari 5: bergaul baik dengan kebanyakan orang",
        },
    ),
    _f("asesmen_awal", _l("Day of the stay's first finished assessment"), "11 Januari 2027"),
    _f("asesmen_terakhir", _l("Day of the latest one; empty while there is one only"), "26 April 2027"),
    PaperField(
        "tujuan",
        _l("Goals of the agreed individual plan, their steps, and how far they are"),
        columns={
            "tujuan": "Sekolah dan belajar: menyelesaikan Paket B",
            "langkah": "1. Mendaftar (selesai 20 Januari 2027)",
            "kemajuan": "Sedang berjalan, sampai 30 April 2027",
        },
    ),
    PaperField("kebaikan", _l("Good things that staff wrote down"), columns={"tanggal": "2 Feb 2027", "isi": "Rapi"}),
)
_SOCIAL = (
    _f("agama", _l("Religion"), "Islam"),
    _f("nik", _l("Identity number (NIK)"), "3174010105090001"),
    PaperField(
        "keluarga", _l("Family and guardians"), columns={"nama": "Ibu Contoh", "hubungan": "Ibu", "kontak": "0812"}
    ),
    PaperField(
        "jenis_ppks",
        _l("PPKS categories that are verified"),
        columns={"nama": "Contoh jenis", "tanggal": "4 Jan 2027"},
    ),
    _f("jumlah_konseling", _l("How many counselling sessions took place (never what was said)"), "6"),
    _f("konseling_terakhir", _l("Day of the latest counselling session"), "10 Januari 2027"),
    _f("latar_belakang", _l("Typed: background"), "Uraian latar belakang. " * 6),
    _f("keadaan", _l("Typed: present situation"), "Uraian keadaan saat ini. " * 6),
    _f("analisis", _l("Typed: professional assessment"), "Uraian analisis. " * 6),
    _f("rekomendasi", _l("Typed: recommendation"), "Uraian rekomendasi. " * 6),
)
_TO = (
    _f("kepada", _l("Typed: whom it goes to"), "Kepala Puskesmas Contoh"),
    _f("alamat_tujuan", _l("Typed: the receiver's address"), "Jalan Contoh 2"),
    _f("keperluan", _l("Typed: what it is for"), "Pemeriksaan kesehatan"),
)

FIELDS: dict[PaperKind, tuple[PaperField, ...]] = {
    PaperKind.SOCIAL_REPORT: (*_HOUSE, *_PERSON, *_STAY, *_PROGRESS, *_SOCIAL, *_TO),
    PaperKind.PROGRESS: (
        *_HOUSE,
        *_PERSON,
        *_STAY,
        *_PROGRESS,
        _f("catatan", _l("Typed: how it went"), "Catatan perkembangan. " * 6),
        _f("saran", _l("Typed: what comes next"), "Saran untuk langkah berikut. " * 6),
    ),
    PaperKind.REFERRAL: (
        *_HOUSE,
        *_PERSON,
        *_STAY,
        *_TO,
        _f("alasan", _l("Typed: why the referral"), "Alasan rujukan. " * 6),
        _f("layanan_diminta", _l("Typed: which service is asked for"), "Pemeriksaan dan pengobatan"),
    ),
    PaperKind.LEAVE: (
        *_HOUSE,
        *_PERSON,
        _f("keperluan", _l("Typed: what the leave is for"), "Menghadiri pernikahan kakak"),
        _f("tujuan_izin", _l("Typed: where the resident goes"), "Rumah orang tua, Kota Contoh"),
        _f("berangkat", _l("Typed: day and hour of leaving"), "16 Januari 2027 pukul 08.00"),
        _f("kembali", _l("Typed: day and hour of coming back"), "17 Januari 2027 pukul 17.00"),
        _f("pendamping", _l("Typed: who comes along or fetches"), "Ibu Contoh (ibu)"),
        _f("telepon", _l("Typed: a telephone number for the time away"), "0812-0000-0000"),
    ),
    PaperKind.CERTIFICATE: (
        *_HOUSE,
        *(field for field in _PERSON if field.name not in ("umur", "jenis_kelamin")),
        *(field for field in _STAY if field.name in ("siklus", "keterampilan", "instruktur", "tanggal_masuk")),
        PaperField(
            "kompetensi",
            _l("Competencies that the instructor checked off"),
            columns={"nama": "Menyervis rem cakram", "tanggal": "1 Maret 2027"},
        ),
        _f("tanggal_selesai", _l("Typed: last day of the training"), "30 April 2027"),
        _f("lama", _l("Typed: how long the training took"), "15 minggu"),
    ),
}


# Who writes a document gets onto it only what the table of rights lets this person read. What is not here (the house's
# letterhead, who somebody is, when the stay is) belongs to the identity, or was typed by the writer.
PART_OF: dict[str, Part] = {
    "agama": Part.BELIEFS,
    "asesmen": Part.ASSESSMENT,
    "asesmen_awal": Part.ASSESSMENT,
    "asesmen_terakhir": Part.ASSESSMENT,
    "jenis_ppks": Part.PPKS,
    "jumlah_konseling": Part.COUNSELLING,
    "kebaikan": Part.CONDUCT,
    "kehadiran": Part.REGISTER,
    "keluarga": Part.FAMILY,
    "kompetensi": Part.COMPETENCIES,
    "konseling_terakhir": Part.COUNSELLING,
    "nik": Part.NIK,
    "pendidikan": Part.EDUCATION,
    "tahap": Part.INDEPENDENCE,
    "tujuan": Part.PLAN,
}


def data_of(kind: PaperKind, filling: str) -> dict[str, Any]:
    """Made-up data for a trial: ``full``, ``empty`` or ``long``."""
    return {field.name: getattr(field, filling) for field in FIELDS[kind]}
