from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField, DateField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.papers import labels as _labels  # noqa: F401  the words of kinds
from foyer.papers import services
from foyer.papers.labels import paper_date
from foyer.papers.models import PaperKind
from foyer.residences.forms import optional_id, optional_member
from foyer.residents import person_labels as _person  # noqa: F401  the words of grounds
from foyer.residents.disclosing import Basis, BasisMissing, BasisReasonMissing, Release
from foyer.words import choices, words

_LINE, _TEXT = Length(max=200), Length(max=6000)
_ASKED: dict[PaperKind, tuple[str, ...]] = {
    PaperKind.SOCIAL_REPORT: (
        "kepada",
        "alamat_tujuan",
        "keperluan",
        "latar_belakang",
        "keadaan",
        "analisis",
        "rekomendasi",
    ),
    PaperKind.PROGRESS: ("catatan", "saran"),
    PaperKind.REFERRAL: ("kepada", "alamat_tujuan", "keperluan", "alasan", "layanan_diminta"),
    PaperKind.LEAVE: ("keperluan", "tujuan_izin", "berangkat", "kembali", "pendamping", "telepon"),
    PaperKind.CERTIFICATE: ("lama", "tanggal_selesai"),
}
_NEEDED = {
    PaperKind.REFERRAL: ("kepada", "alasan"),
    PaperKind.LEAVE: ("keperluan", "tujuan_izin", "berangkat", "kembali"),
    PaperKind.SOCIAL_REPORT: ("kepada", "keperluan"),
}


class PaperForm(FoyerForm):
    """What a document needs beside the records. Fields that its kind does not have are taken out; their names are those
    of the templates."""

    stay_id = SelectField(_l("About the stay"), coerce=int)
    kepada = StringField(_l("To whom"), [_LINE], description=_l("The agency or person that receives it."))
    alamat_tujuan = StringField(_l("The receiver's address"), [_LINE])
    basis = RadioField(_l("Who receives it, and on what that stands"), [InputRequired()], coerce=Basis)
    basis_reason = TextAreaField(
        _l("Why it goes without consent"),
        [Length(max=1000)],
        render_kw={"rows": 2},
        description=_l("Only where no consent is asked: which authority, which case, which danger."),
    )
    keperluan = StringField(_l("What it is for"), [_LINE])
    latar_belakang = TextAreaField(_l("Background"), [_TEXT], render_kw={"rows": 5})
    keadaan = TextAreaField(_l("Present situation"), [_TEXT], render_kw={"rows": 5})
    analisis = TextAreaField(_l("Professional assessment"), [_TEXT], render_kw={"rows": 5})
    rekomendasi = TextAreaField(_l("Recommendation"), [_TEXT], render_kw={"rows": 4})
    catatan = TextAreaField(
        _l("How it went"), [_TEXT], render_kw={"rows": 5}, description=_l("Begin with what went well.")
    )
    saran = TextAreaField(_l("What comes next"), [_TEXT], render_kw={"rows": 4})
    alasan = TextAreaField(
        _l("Why the referral"), [_TEXT], render_kw={"rows": 5}, description=_l("Only what the receiver needs to know.")
    )
    layanan_diminta = TextAreaField(_l("Which service is asked for"), [_TEXT], render_kw={"rows": 3})
    tujuan_izin = StringField(_l("Where to"), [_LINE])
    berangkat = StringField(_l("Leaves"), [_LINE], description=_l("Day and hour, for example 16 Januari 2027, 08.00."))
    kembali = StringField(_l("Comes back"), [_LINE], description=_l("Day and hour."))
    pendamping = StringField(_l("Who comes along or fetches"), [_LINE])
    telepon = StringField(_l("Telephone number for the time away"), [_LINE])
    lama = StringField(_l("How long the training took"), [_LINE], description=_l("For example 15 minggu."))
    tanggal_selesai = DateField(_l("Last day of the training"), [Optional()])
    full_name = BooleanField(
        _l("Write the full name"),
        description=_l(
            "The identity of this resident is protected by law. Without this only the initials stand on the paper: "
            "tick it only if the receiver has a right to the name."
        ),
    )

    def __init__(
        self, *args: Any, kind: PaperKind, stays: list[tuple[int, str]], is_restricted: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = _ASKED[kind]
        self.stay_id.choices = stays
        kept = {*self.asked, "csrf_token", *(["stay_id"] if len(stays) > 1 else ())}
        kept |= {"full_name"} if is_restricted else set()
        kept |= {"basis", "basis_reason"} if kind in services.SENT else set()
        self.basis.choices = [(one, words(one)) for one in Basis if one is not Basis.IN_HOUSE]
        self.basis_reason.flags.needed = _l("needed where no consent is asked")
        for name in [field.name for field in self if field.name not in kept]:
            del self[name]
        for name in _NEEDED.get(kind, ()):
            self[name].validators = [DataRequired(), *self[name].validators]
            self[name].flags.required = True

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as text, by the templates' names."""
        return {name: _text(self[name]) for name in self.asked}

    @property
    def release(self) -> Release | None:
        """On what it stands that the document goes to others; None where it is handed to the resident."""
        if "basis" not in self:
            return None
        return Release(self.basis.data, self.kepada.data or "", self.basis_reason.data or "")


def _text(field: Field) -> str:
    return paper_date(field.data) if isinstance(field.data, date) else str(field.data or "")


class WithdrawForm(VersionedForm):
    reason = TextAreaField(_l("Why it is withdrawn"), [DataRequired(), Length(max=1000)], render_kw={"rows": 3})


RELEASE_REFUSALS: Refusals = {
    BasisMissing: ("basis", _l("Please say who receives it, and on what that stands.")),
    BasisReasonMissing: ("basis_reason", _l("Please say why it goes out without consent.")),
}
WITHDRAW_REFUSALS: Refusals = {services.AlreadyWithdrawn: (None, _l("This document was withdrawn before."))}


class RegisterForm(FoyerForm):
    """What the reader of the register asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Number or name"), [Optional()])
    kind = SelectField(_l("Document"), [Optional()], coerce=optional_member(PaperKind))
    year = SelectField(_l("Year"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(PaperKind, empty=_l("all"))
        self.year.choices = [("", _l("all")), *[(year, str(year)) for year in years]]


class TemplateForm(FoyerForm):
    file = FileField(_l("Template (.docx)"), [FileRequired(), FileAllowed(["docx"])], description=_l("At most 2 MB."))


class SettingsForm(VersionedForm):
    authority = StringField(
        _l("Authority above the house"),
        [_LINE],
        description=_l("First line of the letterhead, for example Dinas Sosial."),
    )
    address = StringField(_l("The house's address"), [Length(max=300)])
    place = StringField(_l("Town"), [Length(max=80)], description=_l("Stands in front of the date."))
    signer_name = StringField(_l("Who signs"), [_LINE])
    signer_title = StringField(_l("Office of who signs"), [Length(max=120)])
    signer_number = StringField(_l("Staff number (NIP)"), [Length(max=40)])
    number_pattern = StringField(
        _l("How numbers are written"),
        [Length(max=120)],
        description=_l("Marks: {nomor}, {kode}, {bulan}, {tahun}. Empty: {nomor}/{kode}/{bulan}/{tahun}."),
    )

    def validate_number_pattern(self, field: Field) -> None:
        if field.data and "{nomor}" not in field.data:
            raise ValidationError(gettext("The number itself is missing: write {nomor} somewhere."))
