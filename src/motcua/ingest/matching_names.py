"""What is left of a procedure's name when everything that does not tell procedures apart is taken away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.ingest import sheets_mapping
from motcua.kernel import ids, text
from motcua.kernel.errors import UserError

_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?:\.[0-9A-Z]{2,3})*(?![\d])")
_NUMBERING = re.compile(r"^\s*[(\[]?(?:\d{1,3}(?:\.\d{1,2}){0,3}|[IVXivx]{1,5}|[a-zđ])\s*[.)\]:/-]+\s*(?=\D)")
_BRACKETS = re.compile(r"[\s-]*[(\[]\s*([^()\[\]]*)\s*[)\]][\s.;,]*$")


@dataclass(frozen=True, slots=True)
class ComparableName:
    """A name made comparable.

    ``whole``: the folded name. ``bare``: without numbering, lead words and endings that say nothing. ``level``: the
    level its ending names (``commune`` …). ``code``: a procedure code written inside the name.
    """

    whole: str
    bare: str
    level: str | None
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRules:
    """How names are compared: ``ingest/mapping/procedures.toml`` and a province's own.

    ``threshold``: the least confidence of a match that is used. ``margin``: by how much the best must beat the second.
    ``telling``: words that make two procedures of two otherwise equal names; ``penalty``: what they multiply the
    confidence with.
    """

    threshold: float
    margin: float
    exact: float
    bare: float
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    levels: dict[str, str]
    telling: frozenset[str]
    penalty: float

    @classmethod
    def read(cls, folder: Path | None) -> "MatchingRules":
        """Read the packaged rules with the province's own over them.

        Raises:
            UserError: the province's file cannot be read, or its threshold is no number from 0 to 1.
        """
        packaged, *own = sheets_mapping.load("procedures", folder=folder)
        more: dict[str, Any] = own[0] if own else {}
        threshold = more.get("threshold", packaged["threshold"])
        margin = more.get("margin", packaged["margin"])
        if not all(isinstance(one, (int, float)) and 0 <= one <= 1 for one in (threshold, margin)):
            raise UserError(
                "Ngưỡng khớp tên phải là số từ 0 đến 1.", remedy="Ví dụ: threshold = 0.9", where="procedures.toml"
            )
        levels = sheets_mapping.words("procedures", "levels", folder=folder)
        return cls(
            threshold=float(threshold),
            margin=float(margin),
            exact=packaged["sure"]["exact"],
            bare=packaged["sure"]["bare"],
            starts=_phrases(packaged["drop_starts"], more.get("drop_starts", [])),
            ends=_phrases(packaged["drop_ends"], more.get("drop_ends", [])),
            # The longest phrase first: "thực hiện tại cấp tỉnh" goes whole, not only its end.
            levels=dict(sorted(levels.items(), key=lambda one: -len(one[0]))),
            telling=frozenset(
                one_spelling(text.fold(word))
                for word in [*packaged["telling"]["words"], *more.get("telling", {}).get("words", [])]
            ),
            penalty=packaged["telling"]["penalty"],
        )

    def comparable(self, name: str) -> ComparableName:
        """Return the name in the forms it is compared in."""
        code = None
        if found := _CODE.search(name):
            code = ids.procedure_code(found[0])
            name = (name[: found.start()] + " " + name[found.end() :]).strip(" -–:;,.()[]")
        whole = text.fold(name)
        name = _NUMBERING.sub("", name)
        level = None
        while bracket := _BRACKETS.search(name):
            said = text.fold(bracket[1])
            if said in self.levels:
                level = level or self.levels[said]
            elif said and said not in self.ends:
                break
            name = name[: bracket.start()]
        bare = text.fold(name)
        bare, level = self._without_ends(bare, level)
        while start := next((one for one in self.starts if bare.startswith(one + " ")), None):
            bare = bare.removeprefix(start + " ")
        return ComparableName(whole=one_spelling(whole), bare=one_spelling(bare or whole), level=level, code=code)

    def _without_ends(self, bare: str, level: str | None) -> tuple[str, str | None]:
        is_shorter = True
        while is_shorter:
            is_shorter = False
            # Outside brackets only an ending of several words goes: "xã" in "tại xã" belongs to the name.
            for end in self.ends:
                if " " in end and bare.endswith(" " + end):
                    bare, is_shorter = bare.removesuffix(" " + end), True
            for end, named in self.levels.items():
                if " " in end and bare.endswith(" " + end) and not bare.endswith("uy ban nhan dan " + end):
                    bare, level, is_shorter = bare.removesuffix(" " + end), level or named, True
        return bare, level


def one_spelling(folded: str) -> str:
    """Return folded text with y written i: "đăng ký" and "đăng kí" are the same word."""
    return folded.replace("y", "i")


def _phrases(packaged: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({text.fold(one) for one in [*packaged, *own]}, key=lambda one: (-len(one), one)))
