"""Machine-readable marks: the QR that tracks and verifies, and Code 128 of the dossier code."""

import io
import struct
import zlib

import segno

# Code 128 (ISO/IEC 15417): widths of three bars and three spaces for each of the values 0 to 105, then the stop.
_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232 2331112"
)
_WIDTHS = tuple(_PATTERNS.split())
_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
_QUIET = 10
_SHORTEST_RUN = 4


def code128_values(text: str) -> list[int]:
    """Return the symbol values of the text: start, data, check, stop. Runs of four figures and more go in pairs.

    Raises:
        ValueError: the text is empty or has a letter outside printable ASCII.
    """
    if not text or not all(" " <= letter <= "~" for letter in text):
        raise ValueError("Code 128 holds printable ASCII only")
    values: list[int] = []
    mode = ""
    at = 0
    while at < len(text):
        run = _figures(text, at)
        if run >= _SHORTEST_RUN:
            if run % 2:  # an odd figure stays outside the pairs
                mode = _switch(values, mode, "B")
                values.append(ord(text[at]) - 32)
                at += 1
            mode = _switch(values, mode, "C")
            pairs = run // 2 * 2
            values += [int(text[n : n + 2]) for n in range(at, at + pairs, 2)]
            at += pairs
        else:
            mode = _switch(values, mode, "B")
            values.append(ord(text[at]) - 32)
            at += 1
    check = (values[0] + sum(n * value for n, value in enumerate(values[1:], 1))) % 103
    return [*values, check, _STOP]


def code128_modules(text: str) -> str:
    """Return the symbol as 1 (bar) and 0 (space), one figure a module, without the quiet zone."""
    parts = []
    for value in code128_values(text):
        for n, width in enumerate(_WIDTHS[value]):
            parts.append("01"[n % 2 == 0] * int(width))
    return "".join(parts)


def code128_svg(text: str) -> str:
    """Return the barcode as SVG: one unit a module, 40 high, with its quiet zone."""
    modules = code128_modules(text)
    bars = []
    at = 0
    for run in modules.replace("01", "0 1").replace("10", "1 0").split():
        if run[0] == "1":
            bars.append(f"M{at + _QUIET} 0h{len(run)}v40h-{len(run)}z")
        at += len(run)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(modules) + 2 * _QUIET} 40">'
        f'<path d="{"".join(bars)}"/></svg>'
    )


def code128_png(text: str, *, height: int = 60, module: int = 3) -> bytes:
    """Return the barcode as a black and white PNG; ``height`` and ``module`` in pixels."""
    modules = "0" * _QUIET + code128_modules(text) + "0" * _QUIET
    bits = "".join(("0" if dark == "1" else "1") * module for dark in modules)
    width = len(bits)
    padded = bits.ljust((width + 7) // 8 * 8, "1")
    row = b"\0" + int(padded, 2).to_bytes(len(padded) // 8, "big")
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(row * height, 9))
        + _chunk(b"IEND", b"")
    )


def qr_svg(text: str) -> str:
    """Return the QR of the text as SVG, error correction M, with its quiet zone."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=2)
    return out.getvalue().decode()


def qr_png(text: str) -> bytes:
    """Return the QR of the text as PNG, 6 pixels a module."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=6, border=2)
    return out.getvalue()


def _figures(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return end - at


def _switch(values: list[int], mode: str, to: str) -> str:
    if not mode:
        values.append(_START_B if to == "B" else _START_C)
    elif mode != to:
        values.append(_TO_B if to == "B" else _TO_C)
    return to


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
