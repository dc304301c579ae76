"""Counts failed guesses, so that codes and telephone numbers cannot be tried through."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

SECONDS = 600
GUESSES_OF_AN_ADDRESS = 20
GUESSES_OF_A_CODE = 10


def is_exhausted(request: HttpRequest, *, code: str) -> bool:
    """Tell whether this address, or anybody at this dossier, has guessed wrongly too often in the last ten minutes."""
    limits = {_of_address(request): GUESSES_OF_AN_ADDRESS, _of_code(code): GUESSES_OF_A_CODE}
    found = cache.get_many(limits)
    return any(int(found.get(key, 0)) >= most for key, most in limits.items())


def note_wrong_guess(request: HttpRequest, *, code: str) -> None:
    """Count one wrong guess for the address and for the dossier guessed at."""
    for key in (_of_address(request), _of_code(code)):
        if not cache.add(key, 1, timeout=SECONDS):
            cache.incr(key)


def _of_address(request: HttpRequest) -> str:
    return f"guess-address-{_digest(str(request.META.get('REMOTE_ADDR', '')))}"


def _of_code(code: str) -> str:
    return f"guess-code-{_digest(code.strip().upper())}"


def _digest(text: str) -> str:
    # What people type must not stand in the cache as they typed it.
    return hashlib.sha256(text.encode()).hexdigest()[:32]
