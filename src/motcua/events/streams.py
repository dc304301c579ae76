"""The registry of streams: name, event class, columns, and what identifies a row."""

from dataclasses import dataclass, field

from motcua.events.assignments import ProcedureAssigned
from motcua.events.columns import Column, ColumnType, Observation, columns_of
from motcua.events.decisions import ProcedurePromulgated
from motcua.events.dossiers import DossierObserved
from motcua.events.national_reports import NationalReportObserved
from motcua.events.petitions import PetitionObserved
from motcua.events.portal_figures import PortalFigureObserved
from motcua.events.procedures import ProcedureObserved
from motcua.events.progress import DossierProgressed
from motcua.events.services import ServiceObserved
from motcua.events.units import UnitObserved

OBSERVATION_COLUMNS = (
    Column("source", ColumnType.TEXT, "loại nguồn đã cho biết sự kiện", is_needed=True, is_key=True),
    Column("observed_at", ColumnType.MOMENT, "lúc nguồn có trạng thái này", is_needed=True, is_key=True),
)
"""The columns of ``Observation``, after the stream's own in an event file."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of event: also one table, the latest of which per ``identity`` is the state."""

    name: str
    title: str
    event: type[Observation]
    identity: tuple[str, ...]
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", columns_of(self.event))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns a table file must have."""
        return tuple(column.name for column in self.columns if column.is_needed)

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: the stream has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


STREAMS: dict[str, Stream] = {
    stream.name: stream
    for stream in (
        Stream("dossiers", "hồ sơ", DossierObserved, ("dossier_code",)),
        Stream("progress", "tiến độ xử lý", DossierProgressed, ("dossier_code", "at", "state", "officer_code")),
        Stream("procedures", "thủ tục hành chính", ProcedureObserved, ("procedure_code",)),
        Stream(
            "services",
            "dịch vụ công trực tuyến",
            ServiceObserved,
            ("unit_code", "procedure_code", "service_code", "valid_from"),
        ),
        Stream(
            "assignments", "thẩm quyền giải quyết", ProcedureAssigned, ("unit_code", "procedure_code", "valid_from")
        ),
        Stream(
            "decisions",
            "quyết định công bố",
            ProcedurePromulgated,
            ("procedure_code", "decision_number", "kind", "unit_code", "signed_on"),
        ),
        Stream("petitions", "phản ánh, kiến nghị", PetitionObserved, ("petition_code",)),
        Stream("units", "đơn vị", UnitObserved, ("unit_code", "valid_from")),
        Stream("national_reports", "báo cáo quốc gia", NationalReportObserved, ("unit_code", "period")),
        Stream("portal_figures", "số liệu của Cổng", PortalFigureObserved, ("unit_code", "period", "metric")),
    )
}
"""Stream name -> stream, in the order of ``docs/dev/seams.md`` section 2."""
