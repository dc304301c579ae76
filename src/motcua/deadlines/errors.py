"""Faults in what is said to have happened: the column at fault, what is wrong, what to do, in Vietnamese."""

from motcua.kernel.errors import UserError


class HappeningsError(UserError):
    """The happenings of one dossier contradict themselves or the rule; ``column`` names where."""

    def __init__(self, what: str, *, remedy: str, column: str) -> None:
        super().__init__(what, remedy=remedy)
        self.column = column
