"""Operations that write dossiers: take one in, carry out an act. Each is done once under its Idempotency-Key."""

from collections.abc import Callable
from typing import Annotated, Any

from ninja import Header, Status

from motcua.api import answers, file_exchange, schemas
from motcua.api.answering import FAULTS, DossierCode, Word, router
from motcua.api.security import Bearer, actor
from motcua.api.tokens import ApiScope
from motcua.catalogue.types import Channel
from motcua.dossiers import actions, law
from motcua.dossiers.types import ApplicantData, Given, Intake, Outcome
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.web.middleware import StaffRequest

_WRITE = Bearer(ApiScope.WRITE_DOSSIERS)
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200, pattern="^[A-Za-z0-9._:-]+$")]


@router.post("/dossiers", response={201: schemas.Outcome, **FAULTS}, auth=_WRITE, tags=["Hồ sơ"])
def receive_dossier(request: StaffRequest, body: schemas.Intake, key: Key) -> Any:
    """Tiếp nhận một hồ sơ. Gọi lại với cùng Idempotency-Key thì trả lời như lần đầu và không tiếp nhận lần hai."""
    staff = actor(request)

    def perform() -> Outcome:
        intake = Intake(
            procedure_code=body.procedure_code,
            channel=Channel(body.channel),
            competent_unit=body.competent_unit,
            owner=ApplicantData(**body.owner.dict()),
            case_code=body.case_code,
            papers=file_exchange.papers(body.papers, staff=staff),
            return_form=body.return_form,
        )
        rulebook = law.rulebook(on=local_day(request.now))
        return actions.receive(intake, staff=staff, at=request.now, rulebook=rulebook, supervisor=body.supervisor)

    return _once(request, key, body, perform, status=201)


@router.post("/dossiers/{code}/acts/{act}", response={200: schemas.Outcome, **FAULTS}, auth=_WRITE, tags=["Hồ sơ"])
def act_on_dossier(request: StaffRequest, code: DossierCode, act: Word, body: schemas.ActBody, key: Key) -> Any:
    """Thực hiện một hành động của law/workflow trên hồ sơ, nếu luật và vai trò cho phép."""
    staff = actor(request)

    def perform() -> Outcome:
        rulebook = law.rulebook(on=local_day(request.now))
        if act not in actions.PERFORMABLE or act not in rulebook.acts:
            raise UserError(
                f"Không có hành động «{act}».", remedy=f"Hãy xem danh sách tại /api/v1/dossiers/{code}/acts."
            )
        typed = body.dict(exclude={"version_number", "missing_papers", "papers"})
        given = Given(
            **typed,
            missing_papers=tuple(body.missing_papers),
            papers=file_exchange.papers(body.papers, staff=staff),
        )
        return actions.perform(
            act,
            code=code,
            staff=staff,
            at=request.now,
            version_number=body.version_number,
            given=given,
            rulebook=rulebook,
        )

    return _once(request, key, body, perform, status=200)


def _once(
    request: StaffRequest, key: str, body: schemas.Asked, perform: Callable[[], Outcome], *, status: int
) -> Status[Any]:
    asked = f"{request.method} {request.path} {body.model_dump_json()}"
    status, answer = answers.once(
        actor=actor(request).code, key=key, asked=asked, status=status, at=request.now, perform=perform
    )
    return Status(status, answer)
