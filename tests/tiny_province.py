"""A province of two communes, small enough to count by hand: tables in, one indicator's count out."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from motcua import lawbook
from motcua.events.streams import STREAMS
from motcua.indicators import evaluate
from motcua.indicators.score import Row
from motcua.ingest import schemas
from motcua.kernel.time import Period

PROVINCE, COMMUNE, OTHER = "H99", "H99.101", "H99.102"
MARCH = Period.month(2026, 3)

Fields = dict[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(slots=True)
class TinyProvince:
    """Rows by table; ``count`` writes them as Parquet and lets the program read them like anybody's."""

    folder: Path
    rows: dict[str, list[Fields]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add("units", unit_code=PROVINCE, name="Tỉnh mẫu", kind="province")
        for code in (COMMUNE, OTHER):
            self.add("units", unit_code=code, name=f"Xã mẫu {code}", kind="commune", parent_code=PROVINCE)

    def add(self, table: str, **fields: Any) -> None:
        self.rows.setdefault(table, []).append(fields)

    def dossier(self, **changes: Any) -> None:
        """Add a dossier received on 2 March, due on the 9th, done on the 5th, unless told otherwise."""
        number = len(self.rows.get("dossiers", [])) + 1
        self.add(
            "dossiers",
            **{
                "dossier_code": f"{COMMUNE}-260302-{number:04}",
                "unit_code": COMMUNE,
                "procedure_code": "1.000001",
                "officer_named": True,
                "channel": 1,
                "received_at": moment("2026-03-02T09:00"),
                "due_at": moment("2026-03-09T17:00"),
                "resolved_at": moment("2026-03-05T10:00"),
                "result_required": True,
                "fee_bearing": False,
                "is_synced": True,
                **changes,
            },
        )

    def procedure(self, code: str, **changes: Any) -> None:
        """Add a public procedure of communes that lacks nothing."""
        parts = ("name", "sequence", "channels", "components", "limit", "applicants", "agency")
        complete = {f"part_{part}": True for part in parts}
        self.add("procedures", **{"procedure_code": code, "name": code, "state": "public", **complete, **changes})

    def row(self, indicator: str, *, unit: str = PROVINCE, on: date = date(2026, 12, 31)) -> Row:
        """Return the unit's row of the indicator in the portal's rule set, in March 2026."""
        for table, rows in self.rows.items():
            made = pa.Table.from_pylist(rows, schema=schemas.table_schema(STREAMS[table]))
            pq.write_table(made, self.folder / f"{table}.parquet")
        book = lawbook.load()
        evaluated = evaluate.evaluate(
            evaluate.open_data([self.folder]),
            rules=book.indicator_set("qd766/portal", on=on),
            period=MARCH,
            on=on,
            clock=evaluate.clock_of(book, on=on),
        )
        return evaluated.scorecard.of(unit).row(indicator)

    def count(
        self, indicator: str, *, unit: str = PROVINCE, on: date = date(2026, 12, 31)
    ) -> tuple[int | None, int | None]:
        """Return numerator and denominator."""
        count = self.row(indicator, unit=unit, on=on).count
        return count.numerator, count.denominator
