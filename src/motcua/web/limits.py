"""Counts guesses, so that codes and telephone numbers cannot be tried through.

A guess is counted before it is answered and given back where it was right. The database counts in one statement, so
guesses sent at the same moment, to whichever worker, are never more than the limit.
"""

import hashlib

from django.db import connection

from motcua.web.middleware import StaffRequest

SECONDS = 600
"""How long guesses count, from the first one on; what is refused meanwhile does not prolong it."""
GUESSES_OF_AN_ADDRESS = 20
GUESSES_OF_A_CODE = 10

_TAKE = """
INSERT INTO web_guesses AS counted (what, number, until)
VALUES (%(what)s, 1, %(now)s::timestamptz + make_interval(secs => %(seconds)s))
ON CONFLICT (what) DO UPDATE SET
    number = CASE WHEN counted.until <= %(now)s THEN 1 ELSE counted.number + 1 END,
    until = CASE WHEN counted.until <= %(now)s THEN excluded.until ELSE counted.until END
RETURNING number
"""
_GIVE_BACK = "UPDATE web_guesses SET number = number - 1 WHERE what = ANY(%s) AND number > 0"
# Rows that somebody is counting on at this moment are left to the next guess.
_FORGET = """
DELETE FROM web_guesses WHERE what IN
    (SELECT what FROM web_guesses WHERE until <= %s LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


def may_guess(request: StaffRequest, *, code: str = "") -> bool:
    """Count a guess of this address, and at this dossier where one is named; tell whether it may be answered.

    False once the address has guessed wrongly 20 times in ten minutes, or anybody 10 times at the dossier.
    """
    allowed = {_of_address(request): GUESSES_OF_AN_ADDRESS}
    if code:
        allowed[_of_code(code)] = GUESSES_OF_A_CODE
    is_within = True
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [request.now])
        for what, most in allowed.items():
            cursor.execute(_TAKE, {"what": what, "now": request.now, "seconds": SECONDS})
            is_within &= cursor.fetchone()[0] <= most
    return is_within


def guessed_right(request: StaffRequest, *, code: str = "") -> None:
    """Give the guess back: whoever knows the answer may ask as often as they like."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [[_of_address(request), *([_of_code(code)] if code else [])]])


def _of_address(request: StaffRequest) -> str:
    return f"address-{_digest(str(request.META.get('REMOTE_ADDR', '')))}"


def _of_code(code: str) -> str:
    return f"code-{_digest(code.strip().upper())}"


def _digest(text: str) -> str:
    # What people type must not stand in the table as they typed it.
    return hashlib.sha256(text.encode()).hexdigest()[:32]
