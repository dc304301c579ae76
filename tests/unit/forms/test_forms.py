"""The official forms: which version, what they say, and that every way of printing says the same."""

import io
import re
import sys
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
import pypdf
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from motcua.forms import formlaw, layout, pdf, word, words, workbook
from motcua.forms.content import (
    FORMS,
    Apology,
    Component,
    Content,
    ControlSlip,
    DossierHead,
    Handover,
    IntakeReceipt,
    Office,
    Official,
    Person,
    Refusal,
    Register,
    RegisterLine,
    StopNotice,
    SupplementRequest,
)
from motcua.forms.formlaw import Paper
from motcua.kernel import lawfiles
from motcua.kernel.errors import UserError
from motcua.lawbook import load

LAW = Path(__file__).parents[3] / "law"
TODAY, LONG_AGO = date(2026, 3, 7), date(2024, 3, 7)
RECEIVED, DUE = datetime.fromisoformat("2026-03-07T14:05"), datetime.fromisoformat("2026-03-12T17:00")
OFFICE = Office(
    parent_name="Ủy ban nhân dân xã Mường Lò",
    name="Trung tâm Phục vụ hành chính công",
    abbreviation="TTPVHCC",
    place="Mường Lò",
    phone="0216 3 870 123",
)
OWNER = Person(name="Nguyễn Thị Ánh Nguyệt", address="Bản Phiêng Ngừa", phone="0912 345 678", email="a@example.vn")
DOSSIER = DossierHead(code="H05.12-260307-0001", procedure_name="Đăng ký khai sinh", owner=OWNER)
CLERK, CHAIR = Official(name="Lò Văn Thuỷ", title="Chuyên viên"), Official(name="Trần Quốc Đạt", title="Chủ tịch")
SHARED = {
    "office": OFFICE,
    "issued_on": TODAY,
    "serial": 7,
    "verify_url": "https://motcua.example.vn/h/H05.12-260307-0001",
}


def receipt() -> IntakeReceipt:
    return IntakeReceipt(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        components=(
            Component(name="Tờ khai đăng ký khai sinh", originals=1),
            Component(name="Giấy chứng sinh", copies=2, electronic=1),
        ),
        limit_text="03 ngày làm việc",
        received_at=RECEIVED,
        due_at=DUE,
        return_place="Bộ phận Một cửa",
        receiver=CLERK,
        submitter_name="Hoàng Văn Dũng",
        fee_text="Không thu",
    )


def register() -> Register:
    line = RegisterLine(
        dossier=DOSSIER, agency_name="UBND xã Mường Lò", received_at=RECEIVED, due_at=DUE, return_place="Trực tiếp"
    )
    return Register(
        **SHARED,  # type: ignore[arg-type]
        book="01/2026",
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        lines=(line, replace(line, returned_at=DUE)),
    )


def all_forms() -> tuple[Content, ...]:
    supplement = SupplementRequest(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        items=("Giấy chứng sinh bản chính", "Bổ sung dân tộc tại mục 7"),
        reason="Thiếu thành phần",
        contact_name="Lò Văn Thuỷ",
        contact_phone="0216 3 870 123",
        guide=CLERK,
    )
    refusal = Refusal(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        missing_papers=("Giấy chứng sinh",),
        legal_basis="Khoản 1 Điều 16 Luật Hộ tịch",
        receiver=CLERK,
        submitter_name="Hoàng Văn Dũng",
    )
    apology = Apology(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        agency_name="UBND xã Mường Lò",
        received_at=RECEIVED,
        due_at=DUE,
        new_due_at=datetime.fromisoformat("2026-03-16T17:00"),
        reason="chờ xác minh",
        signer=CHAIR,
    )
    stop = StopNotice(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        agency_name="UBND xã Mường Lò",
        received_at=RECEIVED,
        stopped_at=DUE,
        reason="Người nộp đề nghị rút hồ sơ",
        returned_papers=("Tờ khai: 01 bản chính",),
        signer=CHAIR,
    )
    slip = ControlSlip(
        **SHARED,  # type: ignore[arg-type]
        dossier=DOSSIER,
        agency_name="Phòng Tư pháp",
        received_at=RECEIVED,
        due_at=DUE,
        handovers=(
            Handover(agencies="1. Giao: Một cửa\n2. Nhận: Tư pháp", at=RECEIVED, giver="Thuỷ"),
            Handover(agencies=""),
        ),
    )
    return (receipt(), supplement, refusal, apology, stop, slip, register())


CASES = [
    pytest.param(replace(content, issued_on=day), id=f"{FORMS[type(content)]}-{day.year}")
    for content in all_forms()
    for day in (TODAY, LONG_AGO)
    if not (isinstance(content, StopNotice) and day == LONG_AGO)
]


def composed(content: Content, paper: Paper | None = None) -> layout.Page:
    return layout.compose(content, formlaw.form_on(LAW, content), paper=paper)


def printed(content: Content, paper: Paper | None = None) -> pypdf.PdfReader:
    made = pdf.typesetter(pdf.font_folder()).pdf(composed(content, paper))
    return pypdf.PdfReader(io.BytesIO(made))


def letters(text: str) -> str:
    """The text without blanks and breaks, so that only the letters are compared."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFC", text))


def words_of(page: layout.Page) -> list[str]:
    found = [page.mark, page.parent_name, page.office_name, page.number, page.place_and_day, page.title]
    for block in page.blocks:
        match block:
            case layout.Field():
                found += [block.label, block.value]
            case layout.Row():
                found += [part for field in block.fields for part in (field.label, field.value)]
            case layout.Text():
                found.append(block.text)
            case layout.Items():
                found += [block.label, *block.items]
            case layout.Table():
                found += [column.title for column in block.columns] + [cell for row in block.rows for cell in row]
            case layout.Signatures():
                found += [part for one in block.columns for part in (one.title, one.name, one.job)]
    return [part for part in found if part]


@pytest.mark.parametrize("content", CASES)
def test_every_word_of_the_form_is_in_the_pdf_and_nothing_falls_back_to_another_font(content: Content) -> None:
    reader = printed(content)

    text = letters("".join(page.extract_text() for page in reader.pages))
    assert [part for part in words_of(composed(content)) if letters(part) not in text] == []
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("Tinos" in name for name in fonts)


@pytest.mark.parametrize("content", CASES)
def test_every_word_of_the_form_is_in_the_docx_too(content: Content) -> None:
    page = composed(content)
    document = docx.Document(io.BytesIO(word.docx_bytes(page)))

    text = letters("".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")))
    assert [part for part in words_of(page) if letters(part) not in text] == []
    width = document.sections[0].page_width
    assert width is not None
    assert round(width.mm) == (297 if page.is_landscape else 148)


@pytest.mark.parametrize("content", CASES)
def test_forms_are_one_page_of_the_size_the_law_gives(content: Content) -> None:
    reader = printed(content)

    box = reader.pages[0].mediabox
    size = tuple(round(float(length) * 25.4 / 72) for length in (box.width, box.height))
    assert size == ((297, 210) if isinstance(content, Register) else (148, 210))
    assert len(reader.pages) == 1


def test_an_office_may_print_on_a4() -> None:
    box = printed(receipt(), Paper.A4).pages[0].mediabox

    assert round(float(box.width) * 25.4 / 72) == 210


def test_a_long_receipt_runs_on_and_repeats_the_head_of_the_table() -> None:
    many = tuple(Component(name=f"Giấy tờ thứ {n}", originals=1) for n in range(60))
    reader = printed(replace(receipt(), components=many))

    assert len(reader.pages) > 1
    assert "Tên giấy tờ" in reader.pages[1].extract_text()
    assert "Giấy tờ thứ 59" in "".join(page.extract_text() for page in reader.pages)
    last = reader.pages[-1].extract_text()
    assert "NGƯỜI TIẾP NHẬN" in last
    assert "Vào Sổ theo dõi" in last


@pytest.mark.parametrize("style", ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"])
def test_the_font_has_each_of_the_134_vietnamese_letters_and_those_of_minority_names(style: str) -> None:
    path = pdf.font_folder() / f"Tinos_{style}.ttf"
    known = TTFont(path).getBestCmap()
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    small = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    marked = {letter for word in small for letter in (word, word.upper()) if letter not in "aeiouyAEIOUY"}

    assert len(marked) == 134
    assert [letter for letter in sorted(marked | set("ƀčĕĭŏŭñ–—…“”«»")) if ord(letter) not in known] == []


def test_every_vietnamese_letter_comes_back_from_the_pdf_as_it_went_in() -> None:
    alphabet = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    name = alphabet + alphabet.upper()
    reader = printed(replace(receipt(), dossier=replace(DOSSIER, owner=Person(name=name))))

    assert letters(name) in letters(reader.pages[0].extract_text())


def test_without_the_font_nothing_is_printed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Tinos"):
        pdf.Typesetter(tmp_path)


def test_the_same_form_is_the_same_bytes_and_an_accessible_archive_file() -> None:
    setter = pdf.typesetter(pdf.font_folder())
    page = composed(receipt())

    made = setter.pdf(page)

    assert made == setter.pdf(page)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert b"pdfaid:part>2" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None  # type: ignore[index]
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"  # type: ignore[index]


def test_the_circular_of_the_day_decides_title_and_number_of_the_form() -> None:
    apology = next(form for form in all_forms() if isinstance(form, Apology))

    assert composed(apology).title == "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"
    assert composed(replace(apology, issued_on=date(2025, 9, 14))).title == "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
    assert composed(register()).mark == "Mẫu số 07 – Thông tư 03/2025/TT-VPCP"
    assert composed(replace(register(), issued_on=LONG_AGO)).mark == "Mẫu số 06 – Thông tư 01/2018/TT-VPCP"


def test_there_was_no_stop_notice_before_the_new_circular() -> None:
    stop = next(form for form in all_forms() if isinstance(form, StopNotice))

    with pytest.raises(UserError, match="stop_notice"):
        composed(replace(stop, issued_on=LONG_AGO))


def test_the_two_circulars_have_seven_and_six_forms_and_only_the_registers_are_a4() -> None:
    forms = [formlaw.read_form(path) for path in sorted((LAW / "forms").glob("*/*.toml"))]
    new = sorted(form.number for form in forms if form.law.document == "03/2025/TT-VPCP")
    old = sorted(form.number for form in forms if form.law.document == "01/2018/TT-VPCP")

    assert (new, old) == (["01", "02", "03", "04", "05", "06", "07"], ["01", "02", "03", "04", "05", "06"])
    assert {form.form for form in forms if form.paper is Paper.A4} == {"register"}


def test_everything_the_forms_and_the_workflow_cite_is_a_known_document() -> None:
    known = load(LAW).documents()
    cited = set()
    for path in (*(LAW / "forms").glob("*/*.toml"), *(LAW / "workflow").glob("*/*.toml")):
        cited |= set(re.findall(r'document = "([^"]+)"', path.read_text(encoding="utf-8")))

    assert cited - set(known) == set()


def test_an_unknown_value_is_a_dotted_line_and_an_unwritten_number_a_gap() -> None:
    blank = replace(
        receipt(), serial=None, verify_url="", fee_text="", dossier=replace(DOSSIER, code="", owner=Person(name="A"))
    )
    page = composed(blank)
    reader = printed(blank)

    assert page.number == "......../TTPVHCC"
    assert not any(isinstance(block, layout.Field) and block.label == "Phí, lệ phí" for block in page.blocks)
    assert "Địa chỉ: ......" in reader.pages[0].extract_text()
    assert docx.Document(io.BytesIO(word.docx_bytes(page))).inline_shapes._inline_lst == []


@pytest.mark.parametrize(
    ("code", "url", "pictures"), [("H05-260307-0001", "", 1), ("", "https://motcua.example.vn", 1)]
)
def test_a_docx_carries_the_codes_it_has(code: str, url: str, pictures: int) -> None:
    page = composed(replace(receipt(), verify_url=url, dossier=replace(DOSSIER, code=code)))

    assert len(docx.Document(io.BytesIO(word.docx_bytes(page))).inline_shapes) == pictures


def test_the_person_who_hands_in_for_another_is_named_and_the_owner_alone_is_not_named_twice() -> None:
    labels = [block.label for block in composed(receipt()).blocks if isinstance(block, layout.Field)]
    own = replace(receipt(), submitter_name=OWNER.name)

    assert "Người nộp" in labels
    assert not any(isinstance(block, layout.Field) and block.label == "Người nộp" for block in composed(own).blocks)


def test_dates_are_written_as_official_documents_write_them() -> None:
    assert words.day(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"
    assert words.day(date(2026, 11, 21)) == "ngày 21 tháng 11 năm 2026"
    assert words.moment(RECEIVED) == "14 giờ 05 phút, ngày 07 tháng 3 năm 2026"
    assert words.plain(None) == ""


def test_the_register_is_a_workbook_with_real_dates() -> None:
    law = formlaw.form_on(LAW, register())
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.register_xlsx(register(), law))).active

    assert sheet is not None
    heads = [cell.value for cell in sheet[6]]
    assert heads[1] == "Mã hồ sơ"
    assert "Trả kết quả: Ký nhận" in heads
    assert sheet.cell(7, 1).value == 1
    assert sheet.cell(7, 2).value == "H05.12-260307-0001"
    assert sheet.cell(7, heads.index("Ngày, tháng, năm: Hẹn trả kết quả") + 1).value == DUE
    assert sheet.cell(7, heads.index("Trả kết quả: Ngày") + 1).value is None
    assert sheet.cell(8, heads.index("Trả kết quả: Ngày") + 1).value == DUE


def test_the_forms_know_neither_django_nor_a_database() -> None:
    source = Path(sys.modules["motcua.forms"].__file__ or "").parent

    assert not [path for path in source.glob("*.py") if re.search(r"django|psycopg", path.read_text(encoding="utf-8"))]
    assert lawfiles.version_on(LAW / "forms" / "refusal", TODAY).stem == "2025-09-15"
