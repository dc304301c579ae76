"""``motcua simulate``: the score if dossiers had been handled otherwise, under another target or another rule set."""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli import choosing, measuring, output
from motcua.kernel.errors import UserError

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation
    from motcua.simulation.repairs import Choice, Repair

REPAIRS = (
    "on_time", "synced", "online", "paid_online", "electronic_result", "digitised", "reused", "shared",
    "population_data", "satisfied",
)  # fmt: skip
MOST_BYTES = 64 * 2**20
_TARGET = re.compile(r"([0-9A-Za-z_.]{1,60})=([0-9]{1,3}(?:[.,][0-9]{1,6})?)(%?)")


class Format(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Codes = list[str] | None


def command(
    sources: measuring.Sources,
    *,
    period: measuring.PeriodText,
    unit: measuring.UnitCode = None,
    repair: Annotated[
        Codes, typer.Option("--repair", help=f"Việc giả sử đã làm tốt: {', '.join(REPAIRS)}.", metavar="VIỆC")
    ] = None,
    dossiers: Annotated[
        Path | None, typer.Option("--dossiers", help="Chỉ các hồ sơ có mã trong tệp này (mỗi dòng một mã).")
    ] = None,
    only_unit: Annotated[
        Codes, typer.Option("--only-unit", help="Chỉ hồ sơ của đơn vị này và các đơn vị dưới nó.", metavar="MÃ")
    ] = None,
    procedure: Annotated[Codes, typer.Option("--procedure", help="Chỉ hồ sơ của thủ tục này.", metavar="MÃ")] = None,
    officer: Annotated[Codes, typer.Option("--officer", help="Chỉ hồ sơ của cán bộ này.", metavar="MÃ")] = None,
    reason: Annotated[Codes, typer.Option("--reason", help="Chỉ hồ sơ mất điểm vì lý do này.", metavar="MÃ")] = None,
    target: Annotated[
        Codes, typer.Option("--target", help="Ngưỡng đủ điểm khác, ví dụ 3.3=60%.", metavar="CHỈ-SỐ=TỶ-LỆ")
    ] = None,
    under: Annotated[str | None, typer.Option("--under", help="Dưới bộ chỉ số khác.", metavar="BỘ/BIẾN-THỂ")] = None,
    gain: Annotated[
        str | None, typer.Option("--gain", help="Tìm ít hồ sơ nhất để thêm bấy nhiêu điểm.", metavar="ĐIỂM")
    ] = None,
    rules: choosing.Rules = choosing.DEFAULT_RULES,
    on: choosing.On = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp này thay vì màn hình.")] = None,
    law: choosing.Law = None,
) -> None:
    """Nếu các hồ sơ này đúng hạn, được số hóa…, nếu ngưỡng khác đi, nếu theo bộ khác: điểm sẽ là bao nhiêu."""
    if not (repair or target or under):
        raise UserError(
            "Chưa cho biết giả sử điều gì.", remedy="Hãy thêm --repair, --target hoặc --under.", where="simulate"
        )
    if gain is not None and (not repair or target or under):
        raise UserError(
            "--gain cần --repair, không đi với --target, --under.",
            remedy="Hãy ghi --gain cùng các việc được làm, ví dụ --gain 0.5 --repair on_time.",
            where="--gain",
        )
    asked = measuring.question(sources=sources, period=period, rules=rules, on=on, law=law)
    before = measuring.evaluation(asked)
    measuring.must_have(before, unit=unit)
    chosen_unit = unit or measuring.main_unit(before)
    from motcua.simulation.repairs import Choice

    repairs = _repairs(repair or [])
    choice = Choice(
        codes=None if dossiers is None else _codes(dossiers),
        units=_below(before, only_unit),
        procedures=frozenset(procedure) if procedure else None,
        officers=frozenset(officer) if officer else None,
        reasons=frozenset(reason) if reason else None,
    )
    notes: list[str] = []
    assumed: dict[str, object] = {"repairs": [str(each) for each in repairs], "targets": {}, "under": under}
    if gain is not None:
        after, codes = _gained(
            before,
            unit=chosen_unit,
            repairs=repairs,
            points=_points(gain),
            choice=choice,
            notes=notes,
            assumed=assumed,
        )
    else:
        after, codes = _assumed(asked, before, unit=chosen_unit, repairs=repairs, choice=choice, notes=notes)
        targets = _targets(target or [])
        assumed["targets"] = {name: str(value) for name, value in targets.items()}
        after = _ruled(asked, after, targets, under, law)
        if targets:
            notes.append("Ngưỡng đủ điểm: " + ", ".join(f"{name} = {value}" for name, value in targets.items()) + ".")
    assumed["dossiers"] = {str(each): list(codes[each]) for each in codes}
    content = _content(
        before, after, unit=chosen_unit, notes=notes, assumed=assumed, written_as=written_as, under=under
    )
    output.deliver(content, out=out)


def _assumed(
    asked: measuring.Question,
    before: "Evaluation",
    *,
    unit: str,
    repairs: "tuple[Repair, ...]",
    choice: "Choice",
    notes: list[str],
) -> "tuple[Evaluation, dict[Repair, tuple[str, ...]]]":
    from motcua.indicators import evaluate
    from motcua.simulation import repairs as repairing

    codes: dict[Repair, tuple[str, ...]] = {}
    if not repairs:
        return before, codes
    rows = repairing.facts(before, unit=unit)
    for each in repairs:
        indicator = repairing.indicator_of(each, before.rules)
        missed = repairing.missed(before, rows, indicator=indicator, choice=choice)
        codes[each] = tuple(sorted(missed["dossier_code"].to_list()))
        count = output.whole(len(codes[each]))
        notes.append(f"Giả sử {count} hồ sơ được sửa: {each} (chỉ số {indicator.number}).")
        if choice.codes is not None and len(choice.codes) > len(codes[each]):
            rest = output.whole(len(choice.codes) - len(codes[each]))
            notes.append(f"{rest} mã trong tệp không mất điểm ở chỉ số này, hoặc không có trong kỳ và đơn vị này.")
    data = repairing.repaired(before.data, repairs=codes, on=before.on)
    after = evaluate.evaluate(data, rules=before.rules, period=before.period, on=before.on, clock=asked.clock)
    return after, codes


def _gained(
    before: "Evaluation",
    *,
    unit: str,
    repairs: "tuple[Repair, ...]",
    points: Fraction,
    choice: "Choice",
    notes: list[str],
    assumed: dict[str, object],
) -> "tuple[Evaluation, dict[Repair, tuple[str, ...]]]":
    from motcua.reports import figures
    from motcua.simulation import gaining

    found = gaining.find(before, unit=unit, repairs=repairs, points=points, choice=choice)
    if found is None:
        raise UserError(
            f"Dù sửa hết hồ sơ được chọn cũng không thêm được {figures.number(points, decimals=2)} điểm.",
            remedy="Hãy thêm việc (--repair), bớt điều kiện lọc, hoặc giảm số điểm.",
            where="--gain",
        )
    count = output.whole(len(found.dossiers))
    proof = "không thể ít hơn" if found.found.is_proven else f"không thể dưới {output.whole(found.found.at_least)}"
    exact = figures.number(found.found.gain, decimals=4)
    notes.append(
        f"Ít nhất {count} hồ sơ ({proof}), thêm {exact} điểm trước khi làm tròn ở các chỉ số đếm hồ sơ. "
        "Danh sách mã hồ sơ: --format csv hoặc json."
    )
    assumed["gain"] = {
        "wanted": float(points),
        "found": float(found.found.gain),
        "dossiers": found.found.total,
        "at_least": found.found.at_least,
        "is_proven": found.found.is_proven,
    }
    return found.after, dict(found.codes)


def _ruled(
    asked: measuring.Question,
    after: "Evaluation",
    targets: dict[str, Decimal],
    under: str | None,
    law: Path | None,
) -> "Evaluation":
    from motcua.indicators import evaluate
    from motcua.simulation import targets as targeting

    if under is not None:
        rules = choosing.indicator_set(rules=under, on=asked.day, law=law)
        after = evaluate.evaluate(after.data, rules=rules, period=after.period, on=after.on, clock=asked.clock)
    return targeting.under(after, rules=targeting.with_targets(after.rules, targets)) if targets else after


def _content(
    before: "Evaluation",
    after: "Evaluation",
    *,
    unit: str,
    notes: list[str],
    assumed: dict[str, object],
    written_as: Format,
    under: str | None,
) -> str:
    from motcua.reports import difference_shapes
    from motcua.simulation import differences

    found = differences.between(before.scorecard, after.scorecard)
    if written_as is Format.JSON:
        return output.as_json(difference_shapes.simulate(before, after, found, assumed=assumed))
    if written_as is Format.CSV:
        by_repair = assumed["dossiers"]
        if "gain" in assumed and isinstance(by_repair, dict):
            rows = [(code, name) for name, codes in by_repair.items() for code in codes]
            return output.as_csv([("dossier_code", "repair"), *sorted(rows)])
        return output.as_csv(difference_shapes.csv_rows(found))
    from motcua.cli import output_differences

    headings = ("nay", under.partition("/")[2] or under) if under else ("nay", "nếu")
    return output_differences.page(before, after, found, unit=unit, headings=headings, notes=notes)


def _repairs(written: list[str]) -> "tuple[Repair, ...]":
    from motcua.simulation.repairs import Repair

    names = [name.strip() for text in written for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Repair)]
    if unknown:
        raise UserError(
            f"Không có việc «{unknown[0]}».", remedy="Hãy chọn: " + ", ".join(Repair) + ".", where="--repair"
        )
    return tuple(dict.fromkeys(Repair(name) for name in names))


def _codes(path: Path) -> frozenset[str]:
    """Return the first cell of every line that is not empty; a head «dossier_code» does not count."""
    from motcua.cli import points

    content = points.content(path)
    try:
        lines = content[:MOST_BYTES].decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UserError(
            "Tệp mã hồ sơ không phải văn bản UTF-8.", remedy="Hãy ghi mỗi dòng một mã hồ sơ.", where=str(path)
        ) from None
    codes = {re.split(r"[,;\t]", line, maxsplit=1)[0].strip().strip('"') for line in lines} - {"", "dossier_code"}
    if not codes:
        raise UserError("Tệp không có mã hồ sơ nào.", remedy="Hãy ghi mỗi dòng một mã hồ sơ.", where=str(path))
    return frozenset(codes)


def _below(before: "Evaluation", units: list[str] | None) -> frozenset[str] | None:
    if not units:
        return None
    tree = before.measures.tree
    for code in units:
        measuring.must_have(before, unit=code)
    return frozenset(below for code in units for below in tree.below(code))


def _targets(written: list[str]) -> dict[str, Decimal]:
    targets = {}
    for text in written:
        found = _TARGET.fullmatch(text.strip().replace(" ", ""))
        if found is None:
            raise UserError(
                f"Không hiểu ngưỡng «{text}».",
                remedy="Hãy ghi ví dụ 3.3=60% hoặc ONLINE_DOSSIERS=0.6.",
                where="--target",
            )
        value = Decimal(found[2].replace(",", "."))
        targets[found[1]] = value / 100 if found[3] else value
    return targets


def _points(written: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?", written.strip()):
        raise UserError(f"Không hiểu số điểm «{written}».", remedy="Hãy ghi ví dụ 0.5 hoặc 2.", where="--gain")
    return Fraction(written.strip().replace(",", "."))
