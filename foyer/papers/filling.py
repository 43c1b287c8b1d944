"""A .docx template and a document's data become a .docx file.

A house writes its own templates in a word processor: text with marks such as ``{{ nama }}``, and the few forms of
repetition and condition that docxtpl knows. A template comes from outside, so it is checked first: no macros, nothing
fetched from elsewhere, only marks of a short grammar (no calls, no arithmetic), only fields that this kind of document
has. What is filled in is text, whatever characters it has.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from foyer.errors import FoyerError
from foyer.papers.fields import FIELDS, PaperField, data_of
from foyer.papers.models import PaperKind

MOST_BYTES = 2 * 1024 * 1024
_MOST_UNPACKED = 20 * 1024 * 1024
_MOST_PARTS = 300
_MOST_MARKS = 400
_FILTERS = ("upper", "lower", "title", "default", "length", "join")
_NO_MARKS = ("word/footnotes.xml", "docProps/core.xml")  # docxtpl reads marks there too; nobody would look for them
_LOOP = {"index", "first", "last", "length"}
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.Getattr,
    nodes.Filter,
)
_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotADocument(FoyerError):
    """The file is no .docx, or too large to be a letter."""


class DangerousPart(FoyerError):
    """The file carries macros, embedded programs, or fetches something from elsewhere."""


class MarksBroken(FoyerError):
    """The marks do not fit together, or say more than templates may. ``near`` is where."""

    def __init__(self, near: str = ""):
        super().__init__(near)
        self.near = near


class UnknownFields(FoyerError):
    """The template asks for something that this kind of document does not have."""

    def __init__(self, names: list[str]):
        super().__init__(", ".join(names))
        self.names = names


def check_template(content: bytes, kind: PaperKind) -> None:
    """Try a template: its parts, its marks, and a filling with full, empty and long data, opened again. Raises
    NotADocument, DangerousPart, MarksBroken, UnknownFields."""
    _check_parts(content)
    try:
        tree = _environment().parse(_marked_text(content))
    except TemplateSyntaxError as error:
        raise MarksBroken(str(error.message or "")) from None
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
        raise NotADocument from None
    _check_marks(tree, {field.name: field for field in FIELDS[kind]})
    for filling in ("full", "empty", "long"):
        try:
            Document(io.BytesIO(fill(content, data_of(kind, filling))))
        except Exception:  # whatever a strange file breaks in the libraries: the house hears it before a letter does
            raise MarksBroken from None


def fill(content: bytes, data: Mapping[str, Any]) -> bytes:
    """The template's bytes with the data in it. The template must have passed ``check_template``."""
    template = DocxTemplate(io.BytesIO(content))
    template.render(_clean(data), _environment(), autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def _environment() -> Environment:
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _clean(value: Any) -> Any:
    """The data as a document can hold it: no control characters; marks in what people typed stay what they typed."""
    if isinstance(value, Mapping):
        return {key: _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _check_parts(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise NotADocument
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = file.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise NotADocument
            names = {part.filename for part in parts}
            if "word/document.xml" not in names:
                raise NotADocument
            for name in names:
                _check_part(name, file.read(name) if name.endswith((".xml", ".rels")) else b"")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise NotADocument from None


def _check_part(name: str, text: bytes) -> None:
    lowered = name.lower()
    if any(word in lowered for word in ("vbaproject", "activex", "embeddings/", "oleobject")):
        raise DangerousPart(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise DangerousPart(name)
    if name in _NO_MARKS and re.search(rb"\{[{%]", text):
        raise MarksBroken(name)
    if lowered.endswith(".rels"):
        for found in re.findall(rb"<Relationship\b[^>]*>", text):
            if b'TargetMode="External"' in found and b"/hyperlink" not in found:
                raise DangerousPart(name)


def _marked_text(content: bytes) -> str:
    """Everything that docxtpl would read marks from, as it reads it."""
    template = DocxTemplate(io.BytesIO(content))
    template.init_docx()
    texts = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for relation in template.docx._part.rels.values():
            if relation.reltype == uri and relation.target_part.blob:
                texts.append(template.patch_xml(template.xml_to_string(parse_xml(relation.target_part.blob))))
    return "\n".join(texts)


def _check_marks(tree: nodes.Template, fields: Mapping[str, PaperField]) -> None:
    marks = list(tree.find_all(nodes.Node))
    if sum(not isinstance(mark, nodes.TemplateData | nodes.Output) for mark in marks) > _MOST_MARKS:
        raise MarksBroken
    for mark in marks:
        if not isinstance(mark, _ALLOWED) or (isinstance(mark, nodes.Filter) and mark.name not in _FILTERS):
            raise MarksBroken(type(mark).__name__.lower())
    unknown: set[str] = set()
    _walk(tree, fields, {}, unknown)
    if unknown:
        raise UnknownFields(sorted(unknown))


def _walk(node: nodes.Node, fields: Mapping[str, PaperField], rows: Mapping[str, str], unknown: set[str]) -> None:
    """Collect the names that no field explains; ``rows`` are the loops' own names and the lists that they go through.
    A loop goes through a list of the document, and one loop stands in no other."""
    if isinstance(node, nodes.For):
        if rows or not isinstance(node.iter, nodes.Name) or not isinstance(node.target, nodes.Name):
            raise MarksBroken("for")
        known = fields.get(node.iter.name)
        if known is None or known.columns is None:
            unknown.add(node.iter.name)
            return
        rows = {node.target.name: node.iter.name, "loop": ""}
        for part in (*node.body, *node.else_):
            _walk(part, fields, rows, unknown)
        return
    if isinstance(node, nodes.Getattr):
        _check_part_of_row(node, fields, rows, unknown)
        return
    if isinstance(node, nodes.Name) and node.name not in rows and node.name not in fields:
        unknown.add(node.name)
    for part in node.iter_child_nodes():
        _walk(part, fields, rows, unknown)


def _check_part_of_row(
    node: nodes.Getattr, fields: Mapping[str, PaperField], rows: Mapping[str, str], unknown: set[str]
) -> None:
    if not isinstance(node.node, nodes.Name) or node.node.name not in rows:
        raise MarksBroken(node.attr)
    of = rows[node.node.name]
    known = _LOOP if not of else set(fields[of].columns or ())
    if node.attr not in known:
        unknown.add(f"{node.node.name}.{node.attr}")
