"""Every document is opened again after it was made: by python-docx, by a PDF reader, and where there is one by
LibreOffice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from foyer.papers import filling
from foyer.papers.built_in import built_in
from foyer.papers.drawing import pdf_of
from foyer.papers.fields import FIELDS, data_of
from foyer.papers.filling import DangerousPart, MarksBroken, NotADocument, UnknownFields, check_template, fill
from foyer.papers.models import PaperKind

NASTY = 'Tanda <b>&amp; "kutip" {{ nama }} {% if %} \x00\x0b\x1f \U0001f600 ﷽ é'


def words_of(docx: bytes) -> str:
    """All text of a .docx file, tables included."""
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pages_of(pdf: bytes) -> str:
    """All text of a PDF file, spaces and line ends as one space."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def template(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", PaperKind)
def test_every_built_in_template_passes_the_trial_and_opens_with_any_data(kind: PaperKind) -> None:
    check_template(built_in(kind), kind)
    for filled in ("full", "empty"):
        docx = fill(built_in(kind), data_of(kind, filled))
        text, drawn = words_of(docx), pages_of(pdf_of(docx, title="Contoh"))
        assert "{{" not in text
        assert "{%" not in text
        if filled == "full":
            assert "Remaja Contoh" in text
            assert "Remaja Contoh" in drawn
        if filled == "empty":
            for heading in ("Kompetensi yang dikuasai", "Keluarga dan wali", "Rekomendasi", "NIP"):
                assert heading not in drawn  # what is empty is left out, with its heading


@pytest.mark.parametrize("kind", PaperKind)
def test_what_people_typed_stands_on_the_paper_as_they_typed_it(kind: PaperKind) -> None:
    data = {name: NASTY if isinstance(value, str) else [] for name, value in data_of(kind, "full").items()}
    docx = fill(built_in(kind), data)
    assert 'Tanda <b>&amp; "kutip" {{ nama }} {% if %}' in words_of(docx)
    assert "Tanda <b>&amp;" in pages_of(pdf_of(docx, title="x"))


def test_very_long_texts_and_rows_go_on_over_the_pages() -> None:
    data = data_of(PaperKind.SOCIAL_REPORT, "long")
    drawn = pages_of(pdf_of(fill(built_in(PaperKind.SOCIAL_REPORT), data), title="x"))
    last = "kata-kata yang berlanjut ke baris berikutnya."
    assert drawn.count(last) > 150
    table = Document()
    row = table.add_table(rows=1, cols=2, style="Table Grid").rows[0]
    row.cells[0].text, row.cells[1].text = "W" * 300, "panjang sekali " * 400
    out = io.BytesIO()
    table.save(out)
    assert pages_of(pdf_of(out.getvalue(), title="x")).count("panjang sekali") >= 395  # some break at a line's end


@pytest.mark.skipif(
    not shutil.which("soffice") and "FOYER_TEST_REQUIRE_ALL" not in os.environ, reason="LibreOffice is not installed"
)
@pytest.mark.parametrize("filled", ["full", "empty", "long"])
def test_libreoffice_opens_every_document(filled: str, tmp_path: Path) -> None:
    for kind in PaperKind:
        (tmp_path / f"{kind.value}.docx").write_bytes(fill(built_in(kind), data_of(kind, filled)))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, sorted(tmp_path.glob("*.docx")))], check=True, capture_output=True, timeout=300)
    for kind in PaperKind:
        text = pages_of((tmp_path / f"{kind.value}.pdf").read_bytes())
        assert filled != "full" or "Remaja Contoh" in text


def test_the_register_of_what_a_certificate_may_say_has_no_field_for_needs_law_or_categories() -> None:
    names = {field.name for field in FIELDS[PaperKind.CERTIFICATE]}
    assert not names & {"jenis_ppks", "nik", "agama", "keluarga", "asesmen", "jumlah_konseling", "kebaikan", "umur"}
    with pytest.raises(UnknownFields) as refused:
        check_template(template("{{ nama }} {{ jenis_ppks }}"), PaperKind.CERTIFICATE)
    assert refused.value.names == ["jenis_ppks"]


@pytest.mark.parametrize(
    "line",
    [
        "{{ nama",  # not closed
        "{% for baris in kompetensi %}{{ baris.nama }}",  # no end
        "{{ nama.__class__.__mro__ }}",
        "{{ nama|attr('x') }}",
        "{{ 'a' * 99999999 }}",
        "{{ range(9) }}",
        "{% set nama = 1 %}",
        "{% for a in kompetensi %}{% for b in kompetensi %}x{% endfor %}{% endfor %}",
        "{% import 'x' as y %}",
        "{% macro x() %}{% endmacro %}",
    ],
)
def test_a_template_says_no_more_than_marks(line: str) -> None:
    with pytest.raises((MarksBroken, UnknownFields)):
        check_template(template(line), PaperKind.CERTIFICATE)


def test_an_unknown_part_of_a_row_is_named() -> None:
    with pytest.raises(UnknownFields) as refused:
        check_template(
            template("{% for baris in kompetensi %}{{ baris.nilai }}{{ loop.index }}{% endfor %}"),
            PaperKind.CERTIFICATE,
        )
    assert refused.value.names == ["baris.nilai"]


def changed(content: bytes, **parts: bytes) -> bytes:
    """The .docx with these parts added or replaced; two underlines stand for a slash, one for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()}
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return out.getvalue()


EXTERNAL: dict[str, Any] = {
    "word___rels__settings_xml_rels": b'<Relationships><Relationship Id="r1" Type="x/attachedTemplate" '
    b'Target="http://example.invalid/t.dotm" TargetMode="External"/></Relationships>'
}


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ({"word__vbaProject_bin": b"x"}, DangerousPart),
        ({"word__embeddings__a_bin": b"x"}, DangerousPart),
        ({"word__extra_xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, DangerousPart),
        ({"word__big_xml": b" " * (21 * 1024 * 1024)}, NotADocument),
    ],
)
def test_what_a_letter_does_not_need_is_refused(parts: dict[str, bytes], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_template(changed(template("{{ nama }}"), **parts), PaperKind.LEAVE)


def test_a_template_that_fetches_something_is_refused() -> None:
    out = io.BytesIO(template("{{ nama }}"))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("word/_rels/settings.xml.rels", EXTERNAL["word___rels__settings_xml_rels"])
    with pytest.raises(DangerousPart):
        check_template(out.getvalue(), PaperKind.LEAVE)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken", b"x" * (filling.MOST_BYTES + 1)])
def test_no_docx_is_refused(content: bytes) -> None:
    with pytest.raises(NotADocument):
        check_template(content, PaperKind.LEAVE)
