"""Personal data stays out of the program's own log, also when something breaks."""

import logging

import pytest
from django.db import IntegrityError, transaction

from motcua.config.logs import DiscreetFormatter
from motcua.dossiers.models import Applicant, Dossier


def written(message: str = "broken", *, about: BaseException | None = None) -> str:
    seen = (type(about), about, about.__traceback__) if about is not None else None
    record = logging.LogRecord("motcua", logging.ERROR, "x.py", 1, message, None, seen)
    return DiscreetFormatter().format(record)


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_quoted() -> None:
    owner = Applicant.objects.create(kind="person", name="Nguyễn Văn Thử", phone="0900000001")
    typed = " nguyen van thu "
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Dossier.objects.create(code="H99-1", state=99, channel=1, owner=owner, search_key=typed)
    line = written(about=refused.value)

    assert "nguyen van thu" in str(refused.value)  # this is what the database says, and what must not be kept
    assert "django.db.utils.IntegrityError" in line
    assert "nguyen van thu" not in line
    assert "test_robustness_of_logs.py" in line


def test_the_secret_of_a_receipt_is_not_written() -> None:
    line = written("Internal Server Error: /tra-cuu/H99.101-260302-0001/bi-mat-cua-phieu/")

    assert "H99.101-260302-0001" in line
    assert "bi-mat" not in line
