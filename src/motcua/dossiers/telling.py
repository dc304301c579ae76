"""What events tell the measuring world beside the act itself: codes, catalogue words, keyed digests; nothing personal.

Free text stays in ``ActNote``: only what the catalogue or the numbering of legal documents already knows is taken
from it.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from motcua.catalogue import queries as catalogue
from motcua.dossiers import models
from motcua.dossiers.types import Given
from motcua.kernel.text import fold

ONLINE_PLACES = frozenset({"portal", "gateway"})

_DOCUMENT = re.compile(r"\d{1,5}(?:/\d{4})?/[A-ZĐ][A-ZĐa-z0-9&.-]{1,30}")
_GROUNDED = frozenset({"request_supplement", "refuse_intake", "decline", "stop"})
"""Acts that tell an applicant no: their cause is what bottlenecks are found by."""
# A transaction code of a bank or gateway has many digits; a word such as «đã nộp» is none. Own choice.
_TRANSACTION_DIGITS = 6
_DIGEST = 32


def clock(dossier: models.Dossier) -> dict[str, Any]:
    """Return where the clocks stand after an act: the dossier's due moment, the open step and its own due moment."""
    open_step = (
        dossier.steps.filter(left_at=None, opinion=None).order_by("due_at", "pk").values_list("order", "due_at").first()
        if dossier.ended_at is None
        else None
    )
    order, step_due = open_step or (None, None)
    return {
        "due_at": dossier.due_at.isoformat() if dossier.due_at else None,
        "step": order,
        "step_due_at": step_due.isoformat() if step_due else None,
    }


def of_act(act: str, dossier: models.Dossier, given: Given) -> dict[str, Any]:
    """Return what an act tells about its cause: missing components by their catalogue names, legal documents, records.

    ``others`` counts the named papers that are no component of the procedure: their names are free text and stay here.
    """
    if act in _GROUNDED:
        known = {fold(name): name for name in _components(dossier)}
        named = sorted({known[fold(paper)] for paper in given.missing_papers if fold(paper) in known})
        others = sum(1 for paper in given.missing_papers if fold(paper) not in known)
        basis = sorted({found[0] for found in _DOCUMENT.finditer(f"{given.legal_basis} {given.reason}")})
        return {"components": named, "others": others, "basis": basis}
    if act == "record_fee":
        return {"record": fee_record(place=given.payment_place, receipt=given.receipt)}
    return {}


def fee_record(*, place: str, receipt: str) -> str:
    """Return what backs a fee: ``receipt`` at a counter, ``transaction`` online, ``none`` online without a code."""
    if place not in ONLINE_PLACES:
        return "receipt"
    return "transaction" if sum(sign.isdigit() for sign in receipt) >= _TRANSACTION_DIGITS else "none"


def owner_key(owner: models.Applicant) -> str:
    """Return a keyed digest by which two dossiers of one owner are known as such, and the owner is not.

    Empty where neither an identity number nor name and telephone are known. The key is the installation's own.
    """
    if owner.identity_number:
        known = f"number:{owner.identity_number}"
    elif owner.name and owner.phone:
        known = f"person:{fold(owner.name)}:{owner.phone}"
    else:
        return ""
    key = hashlib.sha256(b"motcua.owner:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, known.encode(), hashlib.sha256).hexdigest()[:_DIGEST]


def _components(dossier: models.Dossier) -> list[str]:
    detail = catalogue.version(dossier.version_id)
    return [one.name for one in detail.components_of(dossier.case_code)] if detail is not None else []


def with_clock(content: Mapping[str, Any], dossier: models.Dossier) -> dict[str, Any]:
    """Return an event's content with the state and the clocks the act left behind."""
    return {**content, "state": dossier.state, "local_state": dossier.local_state, "clock": clock(dossier)}
