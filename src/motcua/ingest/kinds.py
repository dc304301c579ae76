"""The kinds of file the import knows: their code, name, and the module that reads them.

A kind's module has ``read`` (``reading.Reader``). Spreadsheets and CSV are told apart by
``motcua.ingest.sheets.recognise(path, *, container) -> str | None`` (the code of a kind below), JSON by its keys.
"""

import importlib
from dataclasses import dataclass
from typing import cast

from motcua.events.streams import STREAMS
from motcua.ingest.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file.

    ``order``: files of a lower one are imported first, so that names can be matched. ``uses``: what beside the file
    decides what is read from it: ``procedures`` and ``units`` (tables to match names with), ``decisions``, ``mapping``.
    """

    code: str
    name_vi: str
    module: str
    order: int = 5
    uses: frozenset[str] = frozenset()

    def reader(self) -> Reader:
        """Return the reader; its module is loaded only now, so that a command starts fast."""
        return cast("Reader", importlib.import_module(self.module).read)


_LISTS = frozenset({"procedures", "units", "decisions", "mapping"})

COLUMNAR = "columnar-"
"""Columnar kinds are ``columnar-<table>``."""

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *(
            Kind(
                code=COLUMNAR + stream.name,
                name_vi=f"bảng «{stream.name}» ({stream.title}), dạng cột",
                module="motcua.ingest.columnar",
                order=0 if stream.name in {"procedures", "units"} else 5,
            )
            for stream in STREAMS.values()
        ),
        Kind(
            code="payloads",
            name_vi="gói tin đồng bộ lên Cổng DVCQG (DongBoHoSoMC, CapNhatTienDoHoSoMC)",
            module="motcua.ingest.payloads",
            uses=frozenset({"units"}),
        ),
        Kind(code="evaluation", name_vi="số liệu đánh giá của Cổng DVCQG (JSON)", module="motcua.ingest.evaluation"),
        Kind(code="ranking", name_vi="bảng xếp hạng 766 của Cổng DVCQG (xlsx)", module="motcua.ingest.ranking"),
        Kind(code="catalogue", name_vi="danh mục TTHC quốc gia", module="motcua.ingest.catalogue", order=0),
        Kind(
            code="catalogue-list",
            name_vi="bảng kê TTHC (mã, tên, lĩnh vực)",
            module="motcua.ingest.catalogue",
            order=0,
            uses=frozenset({"mapping"}),
        ),
        Kind(
            code="units",
            name_vi="danh sách đơn vị",
            module="motcua.ingest.unit_lists",
            order=0,
            uses=frozenset({"mapping"}),
        ),
        Kind(
            code="dossier-list", name_vi="danh sách hồ sơ (iGate, Tân Dân)", module="motcua.ingest.lists", uses=_LISTS
        ),
        Kind(code="register", name_vi="sổ theo dõi hồ sơ", module="motcua.ingest.register", uses=_LISTS),
        Kind(code="overdue", name_vi="phụ lục hồ sơ quá hạn", module="motcua.ingest.register", uses=_LISTS),
        Kind(
            code="petitions",
            name_vi="danh sách phản ánh, kiến nghị",
            module="motcua.ingest.petitions",
            uses=frozenset({"units", "mapping"}),
        ),
    )
}
"""Kind code -> kind."""
