"""CSV as people save it: the encodings of spreadsheets, and the separator that the heading shows."""

from motcua.kernel.errors import UserError

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes, *, where: str) -> str:
    """Return the text of a CSV file: UTF-8 with or without its mark, or UTF-16 with its mark («Unicode Text» of Excel).

    Raises:
        UserError: the bytes are not such a text.
    """
    encoding = "utf-16" if content[:2] in _BYTE_ORDER_MARKS else "utf-8-sig"
    try:
        written = content.decode(encoding)
    except UnicodeDecodeError:
        written = "\0"
    if "\0" in written:
        raise UserError(
            "Tệp không phải văn bản CSV mã UTF-8.",
            remedy="Trong Excel, hãy chọn Lưu dưới dạng «CSV UTF-8 (Comma delimited)».",
            where=where,
        )
    return written


def delimiter(heading: str) -> str:
    """Return what separates the cells of the heading: a comma, a semicolon (Vietnamese Excel) or a tab."""
    return max(",;\t", key=heading.count)
