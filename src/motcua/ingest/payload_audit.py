"""Looks for what real feeds are known to distort (interoperability notes, 1.2): told to the person, never repaired."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from motcua.ingest.payload_records import DossierRecord, StepRecord
from motcua.kernel.errors import Problem

_EXAMPLES = 5
_ENOUGH = 100
"""From how many dossiers on a field that never changes is worth a word."""


@dataclass(slots=True)
class _Sign:
    count: int = 0
    examples: list[int] = field(default_factory=list)

    def see(self, number: int) -> None:
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(number)


_SAYS = {
    "result_is_component": (
        "DanhSachGiayToKetQua",
        "hồ sơ có tệp kết quả trùng đường dẫn với tệp thành phần: kết quả điện tử có thể không có thật.",
        "Hãy kiểm tra phần mềm đồng bộ; chỉ số 4.1, 4.2 và 3.3 được tính như Cổng tính nên có thể cao hơn thực tế.",
    ),
    "dummy_identity": (
        "DinhDanhCHS",
        "hồ sơ có số định danh giả «000000001».",
        "Hãy để trống thay vì điền số giả.",
    ),
    "filler_subject": ("TrichYeuHoSo", "hồ sơ có trích yếu điền sẵn «Dinhkem».", "Hãy ghi trích yếu thật của hồ sơ."),
    "filler_officer": (
        "NguoiXuLy",
        "bước xử lý ghi «Chuyên viên» thay cho họ tên cán bộ.",
        "Hãy ghi đúng họ tên; thiếu tên, chức danh cán bộ thụ lý có thể bị tính quá hạn.",
    ),
    "no_due": (
        "NgayHenTra",
        "hồ sơ không có ngày hẹn trả.",
        "Đúng hạn được tính theo thời hạn dài nhất của TTHC; hãy bổ sung ngày hẹn trả.",
    ),
    "code_form": (
        "MaHoSo",
        "mã hồ sơ không theo mẫu của Thông tư 01/2018/TT-VPCP hay mẫu 2026.",
        "Hãy kiểm tra bộ sinh mã; hồ sơ vẫn được nhập.",
    ),
}

_ALWAYS = {
    "digitised": ("DuocSoHoa", "mọi thành phần có tệp đều ghi DuocSoHoa = 1: chỉ số 4.3 không đáng tin."),
    "submitted": ("NgayNopHoSo", "ngày nộp luôn trùng ngày tiếp nhận: thời điểm nộp thật đã mất."),
    "vneid": ("TaiKhoanDuocXacThucVoiVNeID", "cờ xác thực VNeID luôn là 0: chỉ số 4.5 có thể thấp hơn thực tế."),
}


class Audit:
    """Gathers signs over a file and tells each once, with a count and examples."""

    def __init__(self, *, where: str) -> None:
        """Begin for the file of that name."""
        self._where = where
        self._signs = {name: _Sign() for name in _SAYS}
        self._always = {name: [0] for name in _ALWAYS}  # how many showed it, while all do

    def look(self, records: Sequence[DossierRecord], *, numbers: Sequence[int]) -> None:
        """Look at dossiers."""
        signs = self._signs
        for number, record in zip(numbers, records, strict=True):
            components = record.components
            if record.results and components:
                for result in record.results:
                    url = result.url
                    if url and any([one.url == url for one in components]):  # noqa: C419 - a list is twice as fast
                        signs["result_is_component"].see(number)
                        break
            if record.identities:
                for identity in record.identities:
                    if identity.number in _DUMMIES:
                        signs["dummy_identity"].see(number)
                        break
            if record.subject == "Dinhkem":
                signs["filler_subject"].see(number)
            if not record.due:
                signs["no_due"].see(number)
        self._look_for_constants(records)

    def _look_for_constants(self, records: Sequence[DossierRecord]) -> None:
        """Count on only while a field has never changed: an honest feed is done with after its first records."""
        always = self._always
        for record in records:
            if not always:
                return
            if (seen := always.get("digitised")) is not None:
                for one in record.components or ():
                    if one.url and one.is_digitised is not None:
                        if one.is_digitised != "1":
                            always.pop("digitised", None)
                        seen[0] += 1
            if (seen := always.get("submitted")) is not None and record.submitted:
                if record.submitted != record.received:
                    del always["submitted"]
                seen[0] += 1
            if (seen := always.get("vneid")) is not None and record.vneid is not None:
                if record.vneid != "0":
                    del always["vneid"]
                seen[0] += 1

    def look_at_steps(self, records: Iterable[StepRecord], *, numbers: Sequence[int]) -> None:
        """Look at progress rows."""
        for number, record in zip(numbers, records, strict=True):
            if record.officer == "Chuyên viên":
                self._signs["filler_officer"].see(number)

    def see_code_form(self, number: int) -> None:
        """Note a dossier code of no known form."""
        self._signs["code_form"].see(number)

    def warnings(self) -> list[Problem]:
        """Tell what was seen."""
        found = []
        for name, sign in self._signs.items():
            if sign.count:
                column, what, remedy = _SAYS[name]
                rows = ", ".join(map(str, sign.examples)) + (", …" if sign.count > len(sign.examples) else "")
                found.append(
                    Problem(
                        where=self._where, column=column, what=f"{sign.count} {what} Bản ghi: {rows}.", remedy=remedy
                    )
                )
        for name, (showed,) in self._always.items():
            if showed >= _ENOUGH:
                column, what = _ALWAYS[name]
                found.append(
                    Problem(
                        where=self._where, column=column, what=what,
                        remedy="Hãy kiểm tra phần mềm đồng bộ; số liệu được giữ nguyên như đã gửi.",
                    )
                )  # fmt: skip
        return found


_DUMMIES = frozenset({"000000001", "000000000", 1, 0})
