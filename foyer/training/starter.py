"""Lists to begin with: what the trades of such houses teach, and a ladder of independence. Suggestions of our own in
the house's language; a manager takes them over and changes them. They are rows of the house then."""

from __future__ import annotations

from foyer.names import name_key
from foyer.training.progress_models import StageItemKind

_SAFE = "Bekerja aman: memakai pelindung diri dan merapikan alat"

# A word of the trade's name: what somebody can do at the end of a cycle, from simple to demanding.
_TRADES: dict[str, tuple[str, ...]] = {
    "otomotif": (
        _SAFE,
        "Mengganti oli dan menyetel rantai sepeda motor",
        "Membersihkan dan menyetel karburator",
        "Memeriksa dan mengganti kampas rem",
        "Memeriksa pengapian dan kelistrikan sederhana",
        "Melakukan servis ringan lengkap tanpa dibantu",
    ),
    "boga": (
        "Menjaga kebersihan diri, alat, dan bahan makanan",
        "Menyiapkan bumbu dasar",
        "Memasak nasi dan tiga lauk sehari-hari",
        "Membuat kue dan roti sederhana",
        "Menghitung bahan dan harga jual satu menu",
        "Menyajikan pesanan untuk dua puluh orang bersama tim",
    ),
    "jahit": (
        "Menjalankan dan merawat mesin jahit",
        "Mengambil ukuran badan",
        "Membuat pola rok dan kemeja",
        "Memotong kain menurut pola",
        "Menjahit kemeja sampai selesai",
        "Memperbaiki pakaian pesanan orang lain",
    ),
    "las": (
        _SAFE,
        "Membaca gambar kerja sederhana",
        "Memotong dan menyiapkan bahan",
        "Mengelas posisi datar",
        "Mengelas posisi tegak",
        "Membuat pagar atau rak sampai selesai",
    ),
    "komputer": (
        "Mengetik rapi dengan sepuluh jari",
        "Menyusun surat dan dokumen",
        "Membuat tabel dan rumus sederhana",
        "Membuat bahan tayang",
        "Menjaga kata sandi dan data pribadi",
        "Membuat desain sederhana untuk usaha",
    ),
    "pendingin": (
        _SAFE,
        "Membersihkan AC rumah tangga",
        "Mengukur tekanan dan mengisi refrigeran",
        "Memeriksa kelistrikan AC",
        "Memasang AC baru bersama tim",
    ),
    "telepon": (
        "Memakai alat solder dan multimeter",
        "Mengganti layar dan baterai",
        "Mencari kerusakan dari gejalanya",
        "Memasang ulang perangkat lunak dengan izin pemilik",
        "Melayani pelanggan dan mencatat servis",
    ),
    "rambut": (
        "Menjaga kebersihan alat dan tempat kerja",
        "Mencuci dan mengeringkan rambut",
        "Memotong rambut model dasar",
        "Menata rambut untuk acara",
        "Melayani pelanggan dari awal sampai akhir",
    ),
    "mebel": (
        _SAFE,
        "Mengukur dan memotong kayu",
        "Membuat sambungan dasar",
        "Mengamplas dan menyelesaikan permukaan",
        "Membuat meja kecil sampai selesai",
    ),
    "sablon": (
        "Menyiapkan film dan layar",
        "Mencampur tinta dengan takaran",
        "Menyablon satu warna pada kaus",
        "Menyablon lebih dari satu warna",
        "Menghitung biaya dan harga pesanan",
    ),
}
_OTHER_WORDS = {
    "motor": "otomotif",
    "bengkel": "otomotif",
    "masak": "boga",
    "busana": "jahit",
    "fashion": "jahit",
    "ac": "pendingin",
    "hp": "telepon",
    "ponsel": "telepon",
    "salon": "rambut",
    "barber": "rambut",
    "kecantikan": "rambut",
    "furnitur": "mebel",
    "furniture": "mebel",
    "kayu": "mebel",
    "digital": "komputer",
}
_ANY_TRADE = (
    _SAFE,
    "Mengenal alat dan bahan",
    "Mengerjakan tugas dasar dengan didampingi",
    "Mengerjakan tugas dasar tanpa dibantu",
    "Menyelesaikan satu pesanan dari awal sampai akhir",
)


def competencies_for(trade_name: str) -> tuple[str, ...]:
    """The suggested list for a trade of this name; a general one where the name says nothing."""
    parts = name_key(trade_name).split()
    for word, titles in _TRADES.items():
        if any(part.startswith(word) or part.endswith(word) for part in parts):
            return titles
    for other, word in _OTHER_WORDS.items():
        if any(part == other or (len(other) > 3 and part.startswith(other)) for part in parts):
            return _TRADES[word]
    return _ANY_TRADE


_ASKS, _ALLOWS = StageItemKind.CRITERION, StageItemKind.PRIVILEGE

LADDER: tuple[tuple[int, StageItemKind, str], ...] = (
    (1, _ALLOWS, "Mengikuti kegiatan di dalam panti bersama pendamping"),
    (1, _ALLOWS, "Menelepon keluarga pada jam yang disepakati"),
    (2, _ASKS, "Mengenal jadwal harian dan menjalankannya dengan diingatkan"),
    (2, _ASKS, "Merawat diri, pakaian, dan tempat tidur"),
    (2, _ASKS, "Dapat menyebutkan satu orang yang dimintai tolong saat ada masalah"),
    (2, _ALLOWS, "Keluar panti bersama petugas"),
    (2, _ALLOWS, "Memilih kegiatan waktu luang"),
    (3, _ASKS, "Menjalankan jadwal harian tanpa diingatkan"),
    (3, _ASKS, "Mengatur uang saku mingguan dan mencatatnya"),
    (3, _ASKS, "Menyelesaikan perselisihan kecil dengan berbicara"),
    (3, _ALLOWS, "Keluar panti sendiri pada siang hari dengan pamit"),
    (3, _ALLOWS, "Memegang kunci loker dan telepon pada jam bebas"),
    (4, _ASKS, "Memasak, mencuci, dan berbelanja untuk diri sendiri"),
    (4, _ASKS, "Memiliki KTP, rekening, dan berkas lamaran"),
    (4, _ASKS, "Menyusun rencana tempat tinggal dan kerja atau sekolah"),
    (4, _ALLOWS, "Izin pulang akhir pekan"),
    (4, _ALLOWS, "Magang atau bekerja di luar panti"),
)
