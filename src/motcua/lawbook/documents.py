"""Văn bản và nguồn được viện dẫn, kèm mức chắc chắn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from motcua.kernel.citation import Certainty
from motcua.lawbook import files
from motcua.lawbook.reading import Table


class DocumentKind(StrEnum):
    """What a cited document is: only the first two bind anybody."""

    LAW = "law"
    """Văn bản quy phạm pháp luật."""
    DECISION = "decision"
    """Văn bản hành chính, quyết định cá biệt."""
    LETTER = "letter"
    """Công văn, thông báo, báo cáo của cơ quan nhà nước."""
    DESCRIPTION = "description"
    """Mô tả, bảng tính không chính thức."""
    OBSERVATION = "observation"
    """Số liệu công bố, dữ liệu quan sát được."""
    COMPUTATION = "computation"
    """Phép tính."""


@dataclass(frozen=True, slots=True)
class Document:
    """A cited document. ``key`` is what citations name; ``certainty`` is how its data (number, dates) were learnt."""

    key: str
    kind: DocumentKind
    number: str
    title_vi: str
    issuer: str
    signed_on: date | None
    effective_from: date | None
    effective_to: date | None
    replaced_by: tuple[str, ...]
    certainty: Certainty
    note_vi: str


def read(path: Path) -> Mapping[str, Document]:
    """Return every document by its key.

    Raises:
        LawFileError: a key stands twice, or a document is said to be replaced by one that is not there.
    """
    top = Table(path, "", files.read(path))
    top.only("document")
    documents: dict[str, Document] = {}
    for table in top.tables("document", named_by="key"):
        document = _document(table)
        if document.key in documents:
            table.fail("văn bản có hai lần.", "Hãy gộp thành một.")
        documents[document.key] = document
    for document in documents.values():
        for other in document.replaced_by:
            if other not in documents:
                top.fail(
                    f"[[document]] {document.key}: thay thế bởi «{other}» không có trong danh mục.",
                    "Hãy thêm văn bản đó.",
                )
    return MappingProxyType(documents)


def _document(table: Table) -> Document:
    table.only(
        *("key", "kind", "number", "title_vi", "issuer", "signed_on", "effective_from", "effective_to"),
        *("replaced_by", "certainty", "note_vi"),
    )
    begins, ends = table.day_if_given("effective_from"), table.day_if_given("effective_to")
    if begins and ends and ends < begins:
        table.fail("hết hiệu lực trước khi có hiệu lực.", "Hãy sửa effective_from, effective_to.")
    return Document(
        key=table.text("key"),
        kind=DocumentKind(table.one_of("kind", tuple(DocumentKind))),
        number=table.text("number", ""),
        title_vi=table.text("title_vi"),
        issuer=table.text("issuer", ""),
        signed_on=table.day_if_given("signed_on"),
        effective_from=begins,
        effective_to=ends,
        replaced_by=table.texts("replaced_by"),
        certainty=Certainty(table.one_of("certainty", tuple(Certainty))),
        note_vi=table.text("note_vi", ""),
    )
