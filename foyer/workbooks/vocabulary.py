"""The words by which houses name their sheets and columns, in Indonesian and English. Data only.

A column's ``weight`` says how much its presence tells about the kind of sheet; ``reads`` names the test of contents in
recognising.py by which the column is known without (or against) its heading; ``kept`` is False for what people list
and Foyer has no use for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: each is a row of this table
class Meaning:
    phrases: tuple[str, ...]
    weight: float = 1.0
    reads: str = ""
    kept: bool = True
    ranked: bool = False  # "Pilihan 1", "Pilihan 2"
    many: bool = False  # several columns may have it


@dataclass(frozen=True, slots=True)
class Kind:
    names: tuple[str, ...]  # what the sheet or its title is called
    columns: dict[str, Meaning]
    needs: tuple[tuple[str, ...], ...]  # one of each group must be there


def _m(*phrases: str, weight: float = 1.0, reads: str = "", kept: bool = True, ranked: bool = False,
       many: bool = False) -> Meaning:  # fmt: skip
    return Meaning(phrases, weight, reads, kept, ranked, many)


NUMBER = _m("no", "nomor", "no urut", "nomor urut", "nr", "number", "nbr", "serial", "urut", weight=0.2, reads="number")
NAME = _m("nama", "nama lengkap", "name", "full name", "nama warga binaan", "nama penerima manfaat", "nama anak",
          "nama siswa", "nama pegawai", "nama petugas", "staff name", "resident", "warga binaan", "penerima manfaat",
          "nama penghuni", "resident name", "name of resident", "youth", "penghuni", "klien", "nama klien", weight=0.6,
          reads="name")  # fmt: skip
GENDER = _m("l p", "lp", "p l", "jk", "j k", "jenis kelamin", "kelamin", "gender", "sex", "m f", "l k", weight=0.6,
            reads="gender")  # fmt: skip
RELIGION = _m("agama", "religion", "faith", weight=0.8)
PHONE = _m("no hp", "telepon", "telp", "no telepon", "nomor hp", "phone", "mobile", "whatsapp", "wa", "no wa",
           "kontak", "contact", kept=False, weight=0.1, many=True)  # fmt: skip
ADDRESS = _m("alamat", "address", "alamat rumah", "domisili", "kelurahan", "kecamatan", "kota", kept=False, weight=0.2,
             many=True)  # fmt: skip
STAFF_NUMBER = _m("nip", "nipppk", "staff number", "employee number", "pangkat", "golongan", "jabatan", "position",
                  "job title", kept=False, weight=0.3, many=True)  # fmt: skip
NOT_AVAILABLE = _m("tidak tersedia", "tidak bisa", "berhalangan", "unavailable", "not available", "tidak hadir",
                   "libur", "hari libur", "off", "day off", "days off", "absent", weight=0.8, reads="when")  # fmt: skip
VENUE = _m("tempat", "ruang", "ruangan", "lokasi", "venue", "place", "location", "room", "bengkel", "workshop",
           "tempat belajar", "tempat pelatihan", "lab", weight=0.8)  # fmt: skip
MEETINGS = _m("pertemuan per minggu", "pertemuan", "frekuensi", "sesi per minggu", "kali seminggu", "meetings per week",
              "meetings", "sessions per week", "times a week", "per week", "jumlah pertemuan", "meetings a week",
              "sessions a week", "pertemuan minggu", weight=1.0)  # fmt: skip
LENGTH = _m("lama", "durasi", "lama pertemuan", "duration", "length", "hours", "jam per pertemuan", "length of meeting",
            "hours per meeting", "lama sesi", weight=0.7)  # fmt: skip
MINIMUM = _m("min", "minimal", "minimum", "peserta minimal", "minimum peserta", "min peserta", "at least", "smallest",
             "kuota minimal", "min size", "minimum size", weight=0.8, reads="count")  # fmt: skip
MAXIMUM = _m("maks", "max", "maksimal", "maksimum", "maximum", "kapasitas", "daya tampung", "capacity", "kuota",
             "peserta maksimal", "places", "jumlah kursi", "at most", "max size", "maximum size", "maks peserta",
             weight=0.8, reads="count")  # fmt: skip
CODE = _m("kode", "code", "kode kelas", "class code", "id", "kelas", "class", "kode kelompok", "group", "kelompok",
          "rombel", "group code", weight=0.5)  # fmt: skip
NOTES = _m("keterangan", "catatan", "ket", "notes", "remarks", "note", "remark", "comment", "comments", weight=0.2)
NOTES_NOT_KEPT = _m(*NOTES.phrases, kept=False, weight=0.1)

RESIDENTS = Kind(
    names=("warga binaan", "daftar warga binaan", "penerima manfaat", "residents", "resident list", "peserta", "siswa",
           "data warga binaan", "penghuni", "daftar penghuni", "data wbs", "wbs", "klien", "youths", "participants",
           "intake list", "anak asuh", "our residents", "young people"),
    needs=(("name",), ("birth_date", "birth", "gender", "nik", "choice", "arrives_on", "choices")),
    columns={
        "number": NUMBER,
        "name": NAME,
        "nik": _m("nik", "no nik", "nomor nik", "nomor induk kependudukan", "no ktp", "nomor ktp", "identity number",
                  "national id", "id number", "no identitas", "nomor identitas", "national identity number", "ktp",
                  weight=1.2, reads="nik"),
        "birth_place": _m("tempat lahir", "place of birth", "birthplace", "birth place", "kota lahir", weight=1.2),
        "birth_date": _m("tgl lahir", "tanggal lahir", "tgl lhr", "date of birth", "birth date", "birthdate", "dob",
                         "born", "born on", "lahir", weight=1.4, reads="birth_date"),
        "birth": _m("tempat tanggal lahir", "tempat tgl lahir", "ttl", "tempat dan tanggal lahir",
                    "place and date of birth", weight=1.4, reads="place_and_date"),
        "age": _m("umur", "usia", "age", kept=False, weight=0.6),
        "gender": GENDER,
        "religion": RELIGION,
        "level": _m("pendidikan terakhir", "pendidikan", "sekolah terakhir", "ijazah terakhir", "last education",
                    "education", "last school", "education level", "highest education", "schooling", "level",
                    "tingkat pendidikan", weight=1.0, reads="level"),
        "arrives_on": _m("tgl masuk", "tanggal masuk", "masuk", "mulai tinggal", "arrival", "arrival date", "arrives",
                         "arrives on", "moves in", "move in", "admission date", "date of admission", "tanggal datang",
                         "check in", "from date", "intake date", weight=1.2, reads="date"),
        "leaves_on": _m("rencana keluar", "tgl keluar", "tanggal keluar", "keluar", "rencana pulang", "departure",
                        "planned departure", "leaves", "leaves on", "planned exit", "exit date", "leaving date",
                        "moves out", "move out", "selesai tinggal", "departure date", weight=1.2, reads="date"),
        "choice": _m("pilihan", "pilihan keterampilan", "pilihan kelas", "minat", "peminatan", "choice", "trade choice",
                     "preference", "pilihan jurusan", "wish", "class choice", "minat keterampilan", weight=1.3,
                     ranked=True),
        "choices": _m("pilihan berurutan", "daftar pilihan", "choices in order", "choices", "preferences",
                      "ranked choices", "urutan pilihan", "wishes", weight=1.2),
        "previous_counsellor": _m("peksos siklus lalu", "peksos lama", "peksos sebelumnya", "pendamping lama",
                                  "pendamping sebelumnya", "konselor sebelumnya", "konselor siklus lalu",
                                  "previous counsellor", "previous counselor", "previous social worker",
                                  "former counsellor", "counsellor last cycle", "last counsellor", "peksos", "konselor",
                                  "pendamping", "counsellor", "counselor", "social worker", weight=1.0),
        "same_gender_counsellor": _m("minta peksos sesama jenis", "peksos sesama jenis", "sesama jenis",
                                     "same gender counsellor", "same sex counsellor", "same gender counselor",
                                     "wants same gender counsellor", "prefers same gender counsellor",
                                     "konselor sesama jenis", "pendamping sesama jenis", weight=1.0),
        "needs": _m("kebutuhan khusus", "kebutuhan", "special needs", "needs", "masalah", "permasalahan",
                    "support needs", "perlu perhatian", weight=1.0),
        "outside_school": _m("sekolah di luar", "sekolah luar", "sekolah formal", "jadwal sekolah", "outside school",
                             "school outside", "formal school", "school hours", "at school", weight=1.0),
        "stage": _m("tahap kemandirian", "tahap", "tingkat kemandirian", "independence stage", "stage",
                    "stage of independence", "independence level", "level kemandirian", weight=1.0, reads="stage"),
        "phone": PHONE,
        "address": ADDRESS,
        "guardian": _m("orang tua", "wali", "nama orang tua", "nama wali", "orang tua wali", "guardian", "parent",
                       "parents", "nama ibu", "nama ayah", "next of kin", kept=False, weight=0.3, many=True),
        "referrer": _m("pengirim", "rujukan", "asal rujukan", "referred by", "referrer", "asal", kept=False, weight=0.3,
                       many=True),
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

COUNSELLORS = Kind(
    names=("peksos", "pekerja sosial", "konselor", "counsellors", "counselors", "social workers", "pendamping",
           "daftar peksos", "caseworkers", "case workers"),
    needs=(("name",), ("caseload", "skills")),
    columns={
        "number": NUMBER,
        "name": _m(*NAME.phrases, "nama peksos", "peksos", "pekerja sosial", "counsellor", "counselor", "social worker",
                   "konselor", weight=0.6, reads="name"),
        "gender": GENDER,
        "skills": _m("keahlian", "kompetensi", "bidang", "skills", "skill", "specialisation", "specialization",
                     "expertise", "spesialisasi", "keahlian khusus", "speciality", weight=1.2),
        "caseload": _m("beban maks", "beban maksimal", "beban", "maks warga binaan", "beban kasus", "caseload",
                       "max caseload", "maximum caseload", "maximum residents", "kapasitas", "jumlah klien maksimal",
                       "most residents", weight=1.4, reads="count"),
        "unavailable": NOT_AVAILABLE,
        "phone": PHONE,
        "staff_number": STAFF_NUMBER,
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

INSTRUCTORS = Kind(
    names=("instruktur", "instructors", "pelatih", "trainers", "teachers", "pengajar", "daftar instruktur",
           "guru keterampilan"),
    needs=(("name",), ("trades",)),
    columns={
        "number": NUMBER,
        "name": _m(*NAME.phrases, "nama instruktur", "instruktur", "instructor", "trainer", "pelatih", weight=0.6,
                   reads="name"),
        "gender": GENDER,
        "trades": _m("keterampilan", "bidang keterampilan", "mengajar", "trade", "trades", "subject", "subjects",
                     "teaches", "bidang", "kejuruan", "mata pelajaran", "bidang keahlian", weight=1.4, reads="trade"),
        "unavailable": NOT_AVAILABLE,
        "phone": PHONE,
        "staff_number": STAFF_NUMBER,
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

CLASSES = Kind(
    names=("kelas", "kelas keterampilan", "classes", "vocational classes", "daftar kelas", "kelas vokasional",
           "trade classes", "training classes", "keterampilan", "workshops"),
    needs=(("trade",), ("maximum", "minimum", "meetings", "instructor")),
    columns={
        "number": NUMBER,
        "code": CODE,
        "trade": _m("keterampilan", "jenis keterampilan", "trade", "nama kelas", "kejuruan", "jurusan", "subject",
                    "vocational trade", "bidang", "class name", "nama keterampilan", weight=1.3, reads="trade"),
        "minimum": MINIMUM,
        "maximum": MAXIMUM,
        "venue": VENUE,
        "instructor": _m("instruktur", "pelatih", "pengajar", "instructor", "trainer", "teacher", "nama instruktur",
                         "taught by", weight=1.0),
        "meetings": MEETINGS,
        "length": LENGTH,
        "requirement": _m("syarat", "persyaratan", "requirement", "requirements", "prerequisite", "entry requirement",
                          "syarat masuk", "ketentuan", weight=1.0),
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

EDUCATION = Kind(
    names=("pendidikan", "pendidikan kesetaraan", "education", "paket", "education groups", "kelompok belajar",
           "schooling", "equivalency", "sekolah kesetaraan", "kejar paket"),
    needs=(("programme",), ("levels", "tutor")),
    columns={
        "number": NUMBER,
        "code": CODE,
        "programme": _m("program", "programme", "paket", "program pendidikan", "jenis program", "education programme",
                        "equivalency programme", weight=1.3),
        "levels": _m("untuk pendidikan terakhir", "pendidikan terakhir", "untuk", "for last education",
                     "last education", "for levels", "levels", "for", "syarat pendidikan", "for residents with",
                     "admits", "education level", weight=1.3, reads="level"),
        "minimum": MINIMUM,
        "maximum": MAXIMUM,
        "tutor": _m("tutor", "guru", "pengajar", "teacher", "nama tutor", "tutor name", "pamong belajar", weight=1.3),
        "meetings": MEETINGS,
        "length": LENGTH,
        "when": _m("waktu", "jam", "waktu belajar", "time", "when", "time of day", "jadwal", weight=0.8, reads="when"),
        "venue": VENUE,
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

ROOMS = Kind(
    names=("kamar", "kamar dan tempat tidur", "rooms", "rooms and beds", "bedrooms", "daftar kamar", "asrama",
           "dormitory", "beds", "tempat tidur", "kamar tidur"),
    needs=(("room",), ("beds",)),
    columns={
        "number": NUMBER,
        "room": _m("kamar", "no kamar", "nomor kamar", "nama kamar", "room", "room number", "room name", "kode kamar",
                   "bedroom", weight=1.0),
        "wing": _m("wisma", "asrama", "gedung", "blok", "wing", "house", "building", "dormitory", "lantai", "floor",
                   "block", weight=1.2),
        "policy": _m(*GENDER.phrases, "untuk", "peruntukan", "penghuni", "for", "who", "boys or girls", "policy",
                     weight=0.6, reads="policy"),
        "beds": _m("tempat tidur", "jumlah tempat tidur", "beds", "bed", "number of beds", "kapasitas", "jumlah bed",
                   "daya tampung", "capacity", "tt", "places", weight=1.3, reads="count"),
        "stage": _m("tahap", "tahap minimal", "stage", "minimum stage", weight=0.6),
        "notes": _m(*NOTES.phrases, "kondisi", "condition", "features", "fasilitas", "facilities", weight=0.4),
    },
)  # fmt: skip

PAIRS = Kind(
    names=("pisah", "pasangan terpisah", "keep apart", "keep apart pairs", "dipisah", "harus terpisah", "terpisah",
           "separation", "rahasia pasangan terpisah", "apart", "not together"),
    needs=(("a",), ("b",)),
    columns={
        "number": NUMBER,
        "a": _m("nama a", "nama 1", "name a", "first resident", "resident a", "nama pertama", "warga binaan a",
                "first", "resident 1", "person a", "pihak 1", "name 1", weight=1.2, reads="name"),
        "b": _m("nama b", "nama 2", "name b", "second resident", "resident b", "nama kedua", "warga binaan b",
                "second", "resident 2", "person b", "pihak 2", "dengan", "apart from", "name 2", weight=1.4,
                reads="name"),
        "scope": _m("berlaku untuk", "berlaku", "lingkup", "scope", "where", "applies to", "di mana", "untuk",
                    weight=1.2, reads="scope"),
        "until": _m("sampai", "berlaku sampai", "hingga", "until", "ends", "end date", "s d", "valid until",
                    weight=1.2, reads="date"),
        "reason": _m("alasan", "reason", "sebab", "keterangan", "why", "catatan", "notes", weight=0.5),
    },
)  # fmt: skip

GRID = Kind(
    names=("hari", "pola harian", "daily grid", "daily pattern", "jadwal harian", "daily timetable", "kegiatan harian",
           "daily rhythm", "day plan", "rutinitas", "daily schedule", "jam kegiatan"),
    needs=(("day", "weekday"), ("start", "span")),
    columns={
        "number": NUMBER,
        "day": _m("hari", "day", "weekday", "days", "day of week", weight=1.2, reads="day"),
        "start": _m("mulai", "jam mulai", "dari", "start", "from", "begins", "starts", "start time", "awal", weight=1.2,
                    reads="time"),
        "end": _m("selesai", "jam selesai", "sampai", "end", "to", "until", "ends", "end time", "akhir", "finish",
                  weight=1.2, reads="time"),
        "span": _m("jam", "waktu", "pukul", "time", "hours", "times", weight=1.0, reads="span"),
        "activity": _m("kegiatan", "aktivitas", "activity", "what", "acara", "block", "uraian", "uraian kegiatan",
                       weight=1.2),
        "weekday": _m("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu", "monday", "tuesday", "wednesday",
                      "thursday", "friday", "saturday", "sunday", "senin kamis", "monday thursday", weight=1.0,
                      many=True),
        "kind": _m("jenis", "type", "kind", "sifat", weight=0.5),
        "notes": NOTES_NOT_KEPT,
    },
)  # fmt: skip

# The order in which sheets are understood: later ones refer to earlier ones.
KINDS: dict[str, Kind] = {
    "counsellors": COUNSELLORS,
    "instructors": INSTRUCTORS,
    "classes": CLASSES,
    "education": EDUCATION,
    "rooms": ROOMS,
    "grid": GRID,
    "residents": RESIDENTS,
    "pairs": PAIRS,
}

# One column of each group must be there, or no row of the sheet can come in.
NEEDED_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "counsellors": (("name",), ("gender",)),
    "instructors": (("name",),),
    "classes": (("code",), ("trade",), ("maximum",)),
    "education": (("programme",), ("maximum",)),
    "rooms": (("room",), ("policy",), ("beds",)),
    "grid": (("day", "weekday"), ("start", "span"), ("activity", "weekday")),
    "residents": (("name",), ("birth_date", "birth"), ("gender",), ("level",)),
    "pairs": (("a",), ("b",)),
}

IGNORE = "ignore"

# The extra column of a workbook of corrections; it says what was wrong and is not read back.
CORRECTIONS = ("yang perlu diperbaiki", "what to correct")

RANKS = {
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "pertama": 1,
    "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "utama": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip

TOTALS = {"jumlah", "total", "subtotal", "sub total", "jumlah total", "rata rata", "average", "grand total", "jml"}
