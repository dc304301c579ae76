"""Dossiers of DongBoHoSoMC made into snapshots: what the national portal would compute from the same record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl

from motcua.ingest import payload_values as values
from motcua.ingest.payload_audit import Audit
from motcua.ingest.payload_records import Component, DossierRecord, FeeLine, Scalar
from motcua.ingest.payload_units import Units
from motcua.ingest.reading import Batch
from motcua.kernel import ids
from motcua.kernel.errors import Problem

_STATES = frozenset(range(1, 11))
_CHANNELS = frozenset({1, 2, 3})
_PLACES = frozenset({0, 1, 2, 3})
# New, refused at intake, withdrawn: a dossier may be in these without ever having been received.
_NEVER_RECEIVED = frozenset({1, 3, 7})
_LONGEST_CODE = 100
_LEFT_UNKNOWN = "Giá trị được để trống (không biết); hãy sửa ở phần mềm nguồn rồi đồng bộ, xuất lại."
_NOT_TAKEN = "Bản ghi không được nhập; hãy sửa ở phần mềm nguồn rồi xuất lại."


@dataclass(slots=True)
class Findings:
    """What a batch turned up, row by row."""

    where: str
    refused: dict[int, Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, *, index: int, number: int, column: str, what: str) -> None:
        """Refuse the record; the first reason found is told."""
        self.refused.setdefault(
            index, Problem(where=self.where, row=number, column=column, what=what, remedy=_NOT_TAKEN)
        )

    def in_order(self) -> list[Problem]:
        """Return the refusals by row."""
        return [self.refused[row] for row in sorted(self.refused)]

    def unknown(self, *, number: int, column: str, value: object) -> None:
        """Tell that a value was left unknown."""
        shown = str(value)[:60]
        self.problems.append(
            Problem(
                where=self.where, row=number, column=column, what=f"giá trị «{shown}» không dùng được.",
                remedy=_LEFT_UNKNOWN,
            )
        )  # fmt: skip


class Flags:
    """The facts that come from a record's lists, one value a record."""

    __slots__ = ("component", "fees_zero", "has_fee", "reused", "store")

    def __init__(self) -> None:
        self.component: list[bool | None] = []
        self.reused: list[bool | None] = []
        self.store: list[bool | None] = []
        self.has_fee: list[bool | None] = []
        self.fees_zero: list[bool | None] = []

    def add_components(self, components: list[Component] | None, *, reuses: Scalar) -> list[tuple[str, Scalar]]:
        """Look through the submitted documents once; return flags that are none, with their keys."""
        odd: list[tuple[str, Scalar]] = []
        reused = _flag(reuses, key="HoSoCoThanhPhanSoHoa", odd=odd)
        if components is None:
            self.component.append(None)
            self.reused.append(reused)
            self.store.append(None)
            return odd
        has_file = False
        store: bool | None = None
        for one in components:
            digitised, taken, asked, deleted = one.is_digitised, one.reused, one.from_store, one.is_deleted
            # Nearly all are plain flags: looked up here, as a call for each would cost as much as all the rest.
            if deleted in _FLAGS and digitised in _FLAGS and taken in _FLAGS and asked in _FLAGS:
                digitised, taken, asked, deleted = _FLAGS[digitised], _FLAGS[taken], _FLAGS[asked], _FLAGS[deleted]
            else:
                digitised = _flag(digitised, key="DuocSoHoa", odd=odd)
                taken = _flag(taken, key="DuocTaiSuDung", odd=odd)
                asked = _flag(asked, key="DuocLayTuKhoDMQG", odd=odd)
                deleted = _flag(deleted, key="IsDeleted", odd=odd)
            if deleted:
                continue
            has_file = has_file or bool(one.url or one.attached)
            if not reused:
                reused = digitised or taken or (reused if digitised is None and taken is None else False)
            if not store and asked is not None:
                store = asked
        self.component.append(has_file)
        self.reused.append(reused)
        self.store.append(store)
        return odd

    def add_fees(self, fees: list[FeeLine] | None) -> list[Scalar]:
        """Tell whether any price is not 0 and whether all are; return prices that are no numbers."""
        if fees is None:
            self.has_fee.append(None)
            self.fees_zero.append(None)
            return []
        odd: list[Scalar] = []
        has_fee, all_zero = False, bool(fees)
        unknown = False
        for fee in fees:
            is_zero = _is_zero(fee.price)
            if is_zero is False:
                has_fee = True
            elif is_zero is None:
                unknown = True
                if values.plain(fee.price) is not None:
                    odd.append(fee.price)
            all_zero = all_zero and is_zero is True
        self.has_fee.append(has_fee or (None if unknown else False))
        self.fees_zero.append(None if unknown and not has_fee else all_zero)
        return odd


_FLAGS: dict[Scalar, bool | None] = {
    None: None, "": None, **dict.fromkeys((*values.YES, 1), True), **dict.fromkeys((*values.NO, 0), False),
}  # fmt: skip
"""Flags in the ways feeds write them; 1, 1.0 and true are one key."""


def _flag(given: Scalar, *, key: str, odd: list[tuple[str, Scalar]]) -> bool | None:
    """Read a flag; what is none is unknown and noted. DuocTaiSuDung has a 2: reused from an earlier result."""
    if given in _FLAGS:
        return _FLAGS[given]
    bare = values.plain(given)
    if bare in _FLAGS:
        return _FLAGS[bare]
    if key == "DuocTaiSuDung" and bare == "2":
        return True
    odd.append((key, given))
    return None


@lru_cache(maxsize=10_000)
def _is_zero(price: Scalar) -> bool | None:
    """Tell whether a price is 0; None if it is no number."""
    given = values.plain(price)
    if given is None:
        return None
    try:
        # Prices come as 10000, 10.000 or 10,000.00: whether it is 0 does not depend on what the marks mean.
        return not int(given.replace(".", "").replace(",", "").replace(" ", ""))
    except ValueError:
        return None


def batch(
    records: Sequence[DossierRecord],
    *,
    numbers: Sequence[int],
    owners: Sequence[str | None],
    units: Units,
    audit: Audit,
    where: str,
    unreadable: Sequence[Problem] = (),
    odd_shapes: Sequence[Problem] = (),
) -> Batch:
    """Make the records into one batch of snapshots.

    ``numbers`` are the records' places in the file, ``owners`` the units of the envelopes they came in. ``unreadable``
    are records that could not even be taken apart, ``odd_shapes`` fields that had another shape.
    """
    told = Findings(where)
    columns: dict[str, Any] = {"dossier_code": values.texts([record.code for record in records])}
    _read_codes(records, columns, numbers=numbers, told=told)
    _read_moments(records, columns, numbers=numbers, told=told)
    columns["unit_code"] = _units(records, columns, numbers=numbers, owners=owners, units=units, told=told)
    _read_lists(records, columns, numbers=numbers, told=told)
    _check_keys(columns, numbers=numbers, told=told, audit=audit)
    audit.look(records, numbers=numbers)
    if told.refused:
        keep = [row not in told.refused for row in range(len(records))]
        columns = {name: pl.Series(column).filter(pl.Series(keep)) if isinstance(column, pl.Series)
                   else [value for value, kept in zip(column, keep, strict=True) if kept]
                   for name, column in columns.items()}  # fmt: skip
    return Batch(
        stream="dossiers",
        columns=columns,
        rows_read=len(records) + len(unreadable),
        refused=(*unreadable, *told.in_order()),
        problems=(*odd_shapes, *told.problems),
        warnings=told.warnings,
    )


def _read_codes(
    records: Sequence[DossierRecord], columns: dict[str, Any], *, numbers: Sequence[int], told: Findings
) -> None:
    procedures: list[str | None] = []
    for row, record in enumerate(records):
        given = record.procedure if type(record.procedure) is str else values.plain(record.procedure)
        code = _procedure(given) if given else None
        procedures.append(code)
        if code is None and given and given.strip():
            told.unknown(number=numbers[row], column="MaTTHC", value=given)
    columns["procedure_code"] = procedures
    for name, key, given_values, allowed in (
        ("state", "TrangThaiHoSo", [record.state for record in records], _STATES),
        ("channel", "KenhThucHien", [record.channel for record in records], _CHANNELS),
        ("payment_place", "DuocThanhToanTrucTuyen", [record.payment for record in records], _PLACES),
    ):
        columns[name], odd = values.codes(given_values, allowed=allowed)
        for row in odd:
            told.unknown(number=numbers[row], column=key, value=given_values[row])


_PROCEDURES: dict[str, str | None] = {}


def _procedure(given: str) -> str | None:
    try:
        return _PROCEDURES[given]
    except KeyError:
        code = ids.procedure_code(given)
        if len(_PROCEDURES) < 100_000:  # a province has some thousands; a broken feed must not fill the memory
            _PROCEDURES[given] = code
        return code


def _read_moments(
    records: Sequence[DossierRecord], columns: dict[str, Any], *, numbers: Sequence[int], told: Findings
) -> None:
    submitted = [record.submitted_c if record.submitted is None else record.submitted for record in records]
    for name, key, given in (
        ("submitted_at", "NgayNopHoSo", submitted),
        ("due_at", "NgayHenTra", [record.due for record in records]),
        ("resolved_at", "NgayKetThucXuLy", [record.resolved for record in records]),
        ("returned_at", "NgayTra", [record.returned for record in records]),
        ("refused_at", "NgayTuChoi", [record.refused for record in records]),
    ):
        columns[name], odd = values.moments(given)
        for row in odd:
            told.unknown(number=numbers[row], column=key, value=given[row])
    received = [record.received for record in records]
    columns["received_at"], odd = values.moments(received)
    for row in odd:
        told.refuse(
            index=row, number=numbers[row], column="NgayTiepNhan",
            what=f"ngày tiếp nhận «{str(received[row])[:60]}» không phải ngày dạng yyyyMMddHHmmss.",
        )  # fmt: skip
    missing = columns["received_at"].is_null().arg_true().to_list()
    for row in missing:
        if columns["state"][row] not in _NEVER_RECEIVED:
            told.refuse(index=row, number=numbers[row], column="NgayTiepNhan", what="thiếu ngày tiếp nhận.")


def _units(
    records: Sequence[DossierRecord],
    columns: dict[str, Any],
    *,
    numbers: Sequence[int],
    owners: Sequence[str | None],
    units: Units,
    told: Findings,
) -> list[str | None]:
    found: list[str | None] = []
    for row, record in enumerate(records):
        given = record.receiving_unit if record.unit is None else record.unit
        unit, note = units.resolve(given=given, dossier_code=columns["dossier_code"][row], owner=owners[row])
        if unit is None:
            told.refuse(
                index=row, number=numbers[row], column="DonViXuLy",
                what="không biết đơn vị nào giải quyết: không có mã đơn vị ở DonViXuLy, MaHoSo hay madonvi.",
            )  # fmt: skip
        elif note is not None:
            told.warnings.append(
                Problem(
                    where=told.where, row=numbers[row], column="DonViXuLy", what=note,
                    remedy="Hãy nhập danh sách đơn vị trước, hoặc kiểm tra tên đơn vị.",
                )
            )  # fmt: skip
        found.append(unit)
    return found


def _read_lists(
    records: Sequence[DossierRecord], columns: dict[str, Any], *, numbers: Sequence[int], told: Findings
) -> None:
    flags = Flags()
    results: list[bool | None] = []
    population: list[bool | None] = []
    requests: list[int | None] = []
    seconds: list[int | None] = []
    waiting: list[datetime | None] = []
    for row, record in enumerate(records):
        odd = flags.add_components(
            record.components if record.components is not None else record.components_c, reuses=record.reuses
        )
        for price in flags.add_fees(record.fees if record.fees is not None else record.fees_too):
            told.unknown(number=numbers[row], column="Gia", value=price)
        if record.results is None:
            results.append(None)
        else:
            results.append(any(one.url for one in record.results))
        population.append(_flag(record.vneid, key="TaiKhoanDuocXacThucVoiVNeID", odd=odd))
        for key, given in odd:
            told.unknown(number=numbers[row], column=key, value=given)
        if record.supplements is None:
            requests.append(None)
            seconds.append(None)
            waiting.append(None)
        elif not record.supplements:
            requests.append(0)
            seconds.append(0)
            waiting.append(None)
        else:
            done, open_since = _supplements(record, number=numbers[row], told=told)
            requests.append(len(record.supplements))
            seconds.append(done)
            waiting.append(open_since)
    columns |= {
        "has_component_file": flags.component,
        "has_result_file": results,
        "has_reused_component": flags.reused,
        "from_personal_store": flags.store,
        "uses_population_data": population,
        "has_fee_data": flags.has_fee,
        "fees_all_zero": flags.fees_zero,
        "supplement_requests": requests,
        "supplement_seconds": seconds,
        "supplement_waiting_since": waiting,
    }


def _supplements(record: DossierRecord, *, number: int, told: Findings) -> tuple[int | None, datetime | None]:
    """Return the seconds of answered supplements and since when one waits."""
    total: int | None = 0
    open_since: datetime | None = None
    for one in record.supplements or ():
        requested, completed = values.one_moment(one.requested), values.one_moment(one.completed)
        for key, given, read in (
            ("NgayBoSung", one.requested, requested), ("NgayTiepNhanBoSung", one.completed, completed),
        ):  # fmt: skip
            if read is None and values.plain(given) is not None:
                told.unknown(number=number, column=key, value=given)
        if completed is not None and requested is not None and completed >= requested:
            total = None if total is None else total + int((completed - requested).total_seconds())
        elif completed is None and values.flag(one.is_done) is not True:
            open_since = max(filter(None, (open_since, requested)), default=None)
        else:
            # Answered, but when it was asked or answered is not known: the time cannot be told.
            total = None
    return total, open_since


def _check_keys(columns: dict[str, Any], *, numbers: Sequence[int], told: Findings, audit: Audit) -> None:
    for row, code in enumerate(columns["dossier_code"]):
        if code is None:
            told.refuse(index=row, number=numbers[row], column="MaHoSo", what="thiếu mã hồ sơ.")
        elif len(code) > _LONGEST_CODE or not code.isprintable():
            told.refuse(index=row, number=numbers[row], column="MaHoSo", what="mã hồ sơ không phải một mã.")
        elif not ids.is_dossier_code(code):
            audit.see_code_form(numbers[row])
