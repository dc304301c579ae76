"""Bình quân cả nước: the mean of the provinces as imported figures of the national portal show it."""

import re
from fractions import Fraction

from motcua.indicators.comparing import mean
from motcua.kernel.time import Period
from motcua.live import imported_tables, imports_kept

_PROVINCE = re.compile(r"H\d{2}")
_ENOUGH = 2
"""One province is no mean of a country."""


def of_period(period: Period) -> dict[str, tuple[Fraction, int]]:
    """Return, by metric of the portal (``TOTAL``, a group, an indicator), the mean points and of how many provinces.

    Each province counts once, as on the portal. Empty where no figures of this very period were imported.
    """
    imports = [one for one in imports_kept.current() if "portal_figures" in one.tables]
    if not imports:
        return {}
    points: dict[str, list[Fraction]] = {}
    for row in imported_tables.portal_figures(imports).iter_rows(named=True):
        if row["period"] == str(period) and row["points"] is not None and _PROVINCE.fullmatch(row["unit_code"]):
            points.setdefault(row["metric"], []).append(Fraction(str(row["points"])))
    means = {metric: (mean(found), len(found)) for metric, found in points.items() if len(found) >= _ENOUGH}
    return {metric: (value, number) for metric, (value, number) in means.items() if value is not None}
