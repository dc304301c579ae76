"""SVG written as text: every attribute and every word escaped, numbers short."""

from html import escape


class Svg(str):
    """A piece of SVG that is safe to put into a page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell templates that nothing needs escaping any more."""
        return str(self)


def element(name: str, *inside: Svg | str, **attributes: str | float) -> Svg:
    """Return the element; ``class_`` is written ``class``, ``aria_label`` ``aria-label``, plain text is escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"' for key, value in attributes.items()
    )
    content = "".join(piece if isinstance(piece, Svg) else escape(piece, quote=False) for piece in inside)
    return Svg(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def picture(*inside: Svg, width: float, height: float, label: str, class_: str) -> Svg:
    """Return a whole drawing that is announced by its label; its words are read in the table behind it."""
    return element(
        "svg", *inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(width)} {number(height)}", role="img",
        aria_label=label, class_=class_,
    )  # fmt: skip


def number(value: str | float) -> str:
    """Write a length with at most two decimals, and text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
