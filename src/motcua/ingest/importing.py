"""Brings files into a data directory: each file wholly or not at all, and never twice."""

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import polars as pl

from motcua.events.streams import STREAMS
from motcua.ingest import kinds, log, reading_with, receiving, sheets_workbook, tables
from motcua.ingest.directory import LOG, DataDirectory
from motcua.ingest.reading import Batch, ImportContext
from motcua.ingest.receiving import Incoming
from motcua.ingest.report import ImportReport, ProblemFile
from motcua.ingest.segments import SegmentWriter
from motcua.kernel.errors import UserError


def _silent(_: str, __: int) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What an import is told beside the files.

    ``kind``: the kind of every file, instead of telling it by content. ``advance``: called with a file's name and how
    many more rows of it were read.
    """

    observed_at: datetime
    kind: str | None = None
    decisions: Path | None = None
    mapping: Path | None = None
    wait_seconds: float = 60
    advance: Callable[[str, int], None] = _silent


def import_files(
    files: Sequence[Path], *, into: Path, options: ImportOptions
) -> tuple[list[ImportReport], list[UserError]]:
    """Import the files and return a report for each one taken and an error for each one refused whole.

    Catalogues and unit lists go first, whatever their place, so that names in the other files can be matched. Each
    file is a commit of its own; a refused file leaves the directory as it was. A file imported before is read again
    only if what it is read with (decisions, mapping, catalogue, units) has changed, as of its first moment.

    Raises:
        UserError: the directory cannot be written, another import holds it, or the log is damaged.
    """
    directory = DataDirectory(into)
    refusals: list[UserError] = []
    wanted: list[Path] = []
    for file in files:
        try:
            receiving.check(file, kind=options.kind)
            wanted.append(file)
        except UserError as error:
            refusals.append(error)
    if not wanted:
        return [], refusals
    with directory.writing(wait_seconds=options.wait_seconds), directory.inbox() as inbox:
        segments = log.read(directory)
        incoming: list[Incoming] = []
        for number, file in enumerate(wanted):
            copy = inbox / f"{number}{receiving.extension(file)}"
            try:
                incoming.append(
                    receiving.receive(file, copy=copy, segments=segments, kind=options.kind, mapping=options.mapping)
                )
            except UserError as error:
                refusals.append(error)
        reports = _import_each(incoming, directory=directory, options=options, refusals=refusals)
    return reports, refusals


def rematch(into: Path, *, options: ImportOptions) -> tuple[list[ImportReport], list[UserError]]:
    """Read the kept files again whose names were matched with less than is known now.

    For a catalogue or a unit list that came later, or for new decisions. Nothing is written for a file that gives the
    same events; others give theirs anew, as of the moment at which the file was first so.

    Raises:
        UserError: nothing was imported here, the directory cannot be written, or the log is damaged.
    """
    directory = DataDirectory(into)
    if not directory.exists():
        raise UserError("Thư mục chưa có dữ liệu nào.", remedy="Hãy kiểm tra đường dẫn.", where=str(into))
    refusals: list[UserError] = []
    with directory.writing(wait_seconds=options.wait_seconds):
        incoming = [
            Incoming(name=_first_name(directory, raw=last.raw), path=path, raw=last.raw, kind=kinds.KINDS[last.source])
            for last in _matched(log.read(directory))
            if (path := receiving.kept(directory, raw=last.raw)) is not None
        ]
        reports = _import_each(incoming, directory=directory, options=options, refusals=refusals)
    return reports, refusals


def matched_before(into: Path) -> list[str]:
    """Return the names of the files whose names were matched with another catalogue or unit list than is there now."""
    directory = DataDirectory(into)
    segments = log.read(directory)
    return [
        _first_name(directory, raw=last.raw)
        for last in _matched(segments)
        if last.matched != reading_with.matched(segments, kind=kinds.KINDS[last.source])
    ]


def _matched(segments: Sequence[log.Segment]) -> list[log.Segment]:
    """Return the latest segment of each file whose names are matched with other tables."""
    latest = {segment.raw: segment for segment in segments}
    return [one for one in latest.values() if kinds.KINDS[one.source].uses & reading_with.TABLES]


def _import_each(
    incoming: Sequence[Incoming], *, directory: DataDirectory, options: ImportOptions, refusals: list[UserError]
) -> list[ImportReport]:
    reports: list[ImportReport] = []
    try:
        for one in sorted(incoming, key=lambda one: one.kind.order):
            try:
                reports.append(_import_file(one, directory=directory, options=options))
            except UserError as error:
                refusals.append(error)
            except OSError as error:
                refusals.append(_cannot_keep(error, where=one.name))
    finally:
        sheets_workbook.forget()
    if directory.log.is_file():
        tables.refresh(directory)
    return reports


def _cannot_keep(error: OSError, *, where: str) -> UserError:
    return UserError(
        f"Không ghi được vào thư mục dữ liệu ({error.strerror or error}).",
        remedy="Hãy kiểm tra dung lượng đĩa và quyền ghi rồi nhập lại; tệp này chưa được nhập.",
        where=where,
    )


def _import_file(one: Incoming, *, directory: DataDirectory, options: ImportOptions) -> ImportReport:
    segments = log.read(directory)
    last = next((segment for segment in reversed(segments) if segment.raw == one.raw), None)
    read_with = reading_with.companions(
        directory, kind=one.kind, last=last, decisions=options.decisions, mapping=options.mapping, name=one.name
    )
    report = ImportReport(
        file=one.name,
        raw=one.raw,
        kind=one.kind.code,
        # The same bytes say how things stood when they were first given, whoever gives them again.
        observed_at=last.observed_at if last else options.observed_at,
    )
    if last and reading_with.hashes_of(last) == read_with.hashes:
        report.is_new = False
        report.note = "Nội dung tệp này đã được nhập trước đây; không có gì thay đổi."
        return report
    with directory.staging() as stage:
        context = ImportContext(
            name=one.name,
            observed_at=report.observed_at,
            tables=read_with.tables,
            decisions=read_with.decisions,
            mapping=read_with.mapping,
            review=stage / "review",
            table=one.kind.code.removeprefix(kinds.COLUMNAR) if one.kind.code.startswith(kinds.COLUMNAR) else None,
        )
        lines = _read(
            one.path, stage=stage, report=report, context=context, kind=one.kind, segments=segments,
            hashes=read_with.hashes, advance=options.advance,
        )  # fmt: skip
        if last and _says_the_same(lines, segments=segments, stage=stage, directory=directory):
            shutil.rmtree(stage / "events")
            report.is_new = False
            report.events.clear()
            report.note = "Đã đọc lại với danh mục, đơn vị và quyết định hiện có; không có gì thay đổi."
            return report
        if receiving.kept(directory, raw=one.raw) is None:
            (stage / "raw").mkdir(exist_ok=True)
            one.path.rename(stage / "raw" / (one.raw + receiving.extension(one.path)))
        reading_with.keep_decisions(read_with, stage=stage, directory=directory)
        (stage / "reports").mkdir(exist_ok=True)
        (stage / "reports" / f"{one.raw}.json").write_bytes(report.to_json())
        if lines:
            (stage / LOG).write_bytes(log.encode((*segments, *lines)))
            if last:
                report.note = "Đã đọc lại với danh mục, đơn vị và quyết định hiện có; kết quả mới được dùng."
        else:
            report.note = "Không có dòng nào nhập được."
    return report


def _says_the_same(
    lines: Sequence[log.Segment], *, segments: Sequence[log.Segment], stage: Path, directory: DataDirectory
) -> bool:
    """Tell whether the file's new events are those it gave the last time."""
    before = {segment.stream: segment for segment in segments if lines and segment.raw == lines[0].raw}
    return before.keys() == {line.stream for line in lines} and all(
        before[line.stream].rows == line.rows
        and pl.read_parquet(stage / "events" / line.segment).equals(
            pl.read_parquet(directory.events / before[line.stream].segment)
        )
        for line in lines
    )


def _first_name(directory: DataDirectory, *, raw: str) -> str:
    """Return the name under which the file was given."""
    try:
        return msgspec.json.decode((directory.reports / f"{raw}.json").read_bytes(), type=ImportReport).file
    except (OSError, msgspec.MsgspecError):
        return raw[:12]


def _read(
    copy: Path,
    *,
    stage: Path,
    report: ImportReport,
    context: ImportContext,
    kind: kinds.Kind,
    segments: Sequence[log.Segment],
    hashes: tuple[str, str, str],
    advance: Callable[[str, int], None],
) -> list[log.Segment]:
    """Read the file into staged segments and return their lines of the log."""
    writers: dict[str, SegmentWriter] = {}
    told = ProblemFile(stage / "reports" / f"{report.raw}.problems.jsonl", report=report)
    try:
        with _few_collections():
            for batch in kind.reader()(copy, context=context):
                _take(batch, writers=writers, stage=stage, number=len(segments), report=report, kind=kind)
                told.add(refused=batch.refused, problems=batch.problems, warnings=batch.warnings)
                advance(context.name, batch.rows_read)
        lines: list[log.Segment] = []
        for writer in writers.values():
            if writer.rows:
                last = lines[-1] if lines else (segments[-1] if segments else None)
                lines.append(writer.finish(after=last, raw=report.raw, hashes=hashes))
        return lines
    finally:
        told.close()
        for writer in writers.values():
            writer.close()


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector look less often: records hold no cycles, and looking costs a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _take(
    batch: Batch,
    *,
    writers: dict[str, SegmentWriter],
    stage: Path,
    number: int,
    report: ImportReport,
    kind: kinds.Kind,
) -> None:
    writer = writers.get(batch.stream)
    if writer is None:
        path = stage / "events" / f"{number + len(writers) + 1:06}-{batch.stream}.parquet"
        writer = writers[batch.stream] = SegmentWriter(
            path, stream=STREAMS[batch.stream].name, source=kind.code, observed_at=report.observed_at
        )
    made = writer.add(batch)
    report.rows_read += batch.rows_read
    if made:
        report.events[batch.stream] = report.events.get(batch.stream, 0) + made
