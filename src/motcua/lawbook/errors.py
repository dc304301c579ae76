"""Faults in a law file, told to the person who keeps it."""

from pathlib import Path

from motcua.kernel.errors import UserError


class LawFileError(UserError):
    """A law file says something that cannot be the law: where, what is wrong, what to do (Vietnamese sentences)."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy=remedy, where=str(path))
        self.path = path
        self.problem = problem
