"""Who is in the fictitious province: its units, which procedure each resolves, how often, and how well."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from motcua.sample import catalogue
from motcua.sample.catalogue import Listed
from motcua.sample.shape import Shape

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

# QĐ 20/2020/QĐ-TTg names no province with these codes, so nobody can take the sample for a real place.
FICTITIOUS_CODES = tuple(f"H{number}" for number in range(99, 65, -1))
PROVINCE_NAMES = ("Tỉnh Lam Hà (giả định)", *(f"Tỉnh giả định số {n}" for n in range(2, 35)))

OFFICERS = 24
UNIT_RATES = (
    "online", "late", "officer_unnamed", "electronic_result", "component_file", "reused", "paid_online", "unsynced",
    "population_data",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit (đơn vị) of the sample; ``parent`` is None for the province itself."""

    code: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Traits:
    """What is true of a whole procedure, by its place in the catalogue, whatever the number of dossiers."""

    is_active_at_department: Flags
    is_active_at_commune: Flags
    is_fully_online_eligible: Flags
    has_fee_lists: Flags
    is_paid_online: Flags
    reads_population_data: Flags


@dataclass(frozen=True, slots=True)
class Assignments:
    """Who resolves what (thuộc thẩm quyền): places in ``Country.units`` and ``Country.listed``, pair by pair."""

    unit: Ints
    procedure: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """The (unit, procedure) pairs that get dossiers: indexes, cumulative weight, and whether some come online.

    ``first`` lists the pairs that get a dossier before chance decides, so that small samples have the same share of
    services in use as large ones.
    """

    unit: Ints
    procedure: Ints
    cumulative: Floats
    is_online: Flags
    first: Ints


@dataclass(frozen=True, slots=True)
class Country:
    """One or more fictitious provinces: everything that does not depend on the number of dossiers."""

    listed: tuple[Listed, ...]
    provinces: tuple[Unit, ...]
    units: tuple[Unit, ...]
    traits: Traits
    assigned: Assignments
    pairs: Pairs
    rates: dict[str, npt.NDArray[np.float32]]


def build(*, shape: Shape, provinces: int, seed: int) -> Country:
    """Lay out ``provinces`` provinces (1 to 34), the same for the same seed."""
    listed = catalogue.procedures()
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1])))
    heads = tuple(
        Unit(code, name, "province", None)
        for code, name in zip(FICTITIOUS_CODES[:provinces], PROVINCE_NAMES[:provinces], strict=True)
    )
    units = tuple(unit for head in heads for unit in _below(head, shape))
    popularity = rng.lognormal(0.0, shape.procedures["spread"], len(listed))
    traits = _traits(listed, popularity, shape, rng)
    assigned = _assignments(listed, units, shape)
    pairs = _pairs(
        listed=listed,
        units=units,
        shape=shape,
        traits=traits,
        popularity=popularity,
        assigned=assigned,
        rng=rng,
    )
    rates = {name: _spread(shape.rates[name], shape, len(units), rng) for name in UNIT_RATES}
    return Country(listed, heads, units, traits, assigned, pairs, rates)


def _below(head: Unit, shape: Shape) -> list[Unit]:
    departments = [
        Unit(f"{head.code}.{one.number}", f"{one.name} - {head.name}", "department", head.code)
        for one in shape.departments
    ]
    communes = [
        Unit(f"{head.code}.{101 + n}", f"{'Phường' if n < shape.wards else 'Xã'} {name}", "commune", head.code)
        for n, name in enumerate(catalogue.commune_names())
    ]
    return departments + communes


def _spread(mean: float, shape: Shape, count: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Draw each unit's own rate around the mean; rates near 0 or 1 spread less."""
    strength = shape.rates["unit_spread"]
    return rng.beta(mean * strength, (1 - mean) * strength, count).astype(np.float32)


def _traits(listed: tuple[Listed, ...], popularity: Floats, shape: Shape, rng: np.random.Generator) -> Traits:
    count = len(listed)
    departments = np.array([one.agency != "" for one in listed])
    communes = np.array([one.at_commune for one in listed])
    fees = np.array([one.is_fee_bearing for one in listed])
    citizens = np.array([one.is_for_citizens for one in listed])
    online = np.array([one.is_online for one in listed])
    at_department = _most_popular(departments, popularity, shape.procedures["active_at_department"])
    at_commune = _most_popular(communes, popularity, shape.procedures["active_at_commune"])
    active = at_department | at_commune
    reached = np.where(active, popularity, popularity * 1e-6)
    fee_lists = _most_popular(fees, reached, shape.procedures["with_fee_dossier"]) & active
    return Traits(
        is_active_at_department=at_department,
        is_active_at_commune=at_commune,
        is_fully_online_eligible=online & (rng.random(count) < shape.procedures["fully_online_eligible"]),
        has_fee_lists=fee_lists,
        is_paid_online=_most_popular(fees, reached, shape.procedures["with_online_payment"]) & fee_lists,
        reads_population_data=_most_popular(citizens, reached, shape.procedures["with_population_data"]) & active,
    )


def _most_popular(among: Flags, popularity: Floats, share: float) -> Flags:
    """Mark the given share of the marked ones, the most popular first."""
    chosen = np.zeros(len(among), dtype=np.bool_)
    places = np.flatnonzero(among)
    order = places[np.argsort(-popularity[places], kind="stable")]
    chosen[order[: round(len(places) * share)]] = True
    return chosen


def _assignments(listed: tuple[Listed, ...], units: tuple[Unit, ...], shape: Shape) -> Assignments:
    """Return who resolves what: every commune the communes' procedures, each department its own."""
    at_commune = [n for n, one in enumerate(listed) if one.at_commune]
    of_agency: dict[str, list[int]] = {one.number: [] for one in shape.departments}
    for n, one in enumerate(listed):
        if one.agency:
            of_agency[one.agency].append(n)
    unit_of: list[int] = []
    procedure_of: list[int] = []
    for n, unit in enumerate(units):
        mine = at_commune if unit.kind == "commune" else of_agency[unit.code.rpartition(".")[2]]
        unit_of += [n] * len(mine)
        procedure_of += mine
    return Assignments(np.array(unit_of, dtype=np.int32), np.array(procedure_of, dtype=np.int32))


def _pairs(
    *,
    listed: tuple[Listed, ...],
    units: tuple[Unit, ...],
    shape: Shape,
    traits: Traits,
    popularity: Floats,
    assigned: Assignments,
    rng: np.random.Generator,
) -> Pairs:
    unit_of, procedure_of = assigned.unit, assigned.procedure
    is_commune = np.array([unit.kind == "commune" for unit in units])[unit_of]
    asked_for = rng.random(len(unit_of)) < shape.procedures["active_at_one_commune"]
    in_use = np.where(
        is_commune,
        traits.is_active_at_commune[procedure_of] & asked_for,
        traits.is_active_at_department[procedure_of],
    )
    # Procedures that carry the fee and population indicators are asked for everywhere.
    in_use |= is_commune & traits.is_active_at_commune[procedure_of] & traits.is_paid_online[procedure_of]
    weight = np.where(
        is_commune, _in_communes(listed, popularity, traits, shape)[procedure_of], popularity[procedure_of]
    )
    # People pay where paying is easy: fee-bearing procedures that nobody can pay online are rare in the flow.
    fees = np.array([one.is_fee_bearing for one in listed])
    weight = weight * np.where(fees & ~traits.is_paid_online, shape.procedures["unpayable_weight"], 1.0)[procedure_of]
    # Provinces differ: the largest of 34 receives some twenty times what the smallest does.
    per_unit = _unit_weights(units, shape, rng)
    total = np.bincount(unit_of[in_use], weights=weight[in_use], minlength=len(units))
    weight = weight / np.maximum(total, 1e-12)[unit_of] * per_unit[unit_of]
    unit_of, procedure_of, weight = unit_of[in_use], procedure_of[in_use], weight[in_use]
    online = np.array([one.is_online for one in listed])[procedure_of]
    cumulative = np.cumsum(weight)
    return Pairs(unit_of, procedure_of, cumulative / cumulative[-1], online, _first(procedure_of, weight, rng))


def _in_communes(listed: tuple[Listed, ...], popularity: Floats, traits: Traits, shape: Shape) -> Floats:
    """Return the weights of procedures at a commune, sector by sector as the shape says."""
    sectors = np.array([one.sector if one.sector in shape.commune_sectors else "" for one in listed])
    weight = np.where(traits.is_active_at_commune, popularity, 0.0)
    shares = {**shape.commune_sectors, "": 1.0 - sum(shape.commune_sectors.values())}
    for sector, share in shares.items():
        among = sectors == sector
        weight[among] *= share / max(weight[among].sum(), 1e-12)
    return weight


def _unit_weights(units: tuple[Unit, ...], shape: Shape, rng: np.random.Generator) -> Floats:
    share_of = {one.number: one.share for one in shape.departments}
    weight = np.empty(len(units))
    size: dict[str | None, float] = {}
    for n, unit in enumerate(units):
        if unit.parent not in size:
            size[unit.parent] = float(rng.lognormal(0.0, 0.6))
        people = float(rng.lognormal(0.0, 0.45))
        own = share_of.get(unit.code.rpartition(".")[2], 0.0) if unit.kind == "department" else people
        weight[n] = own
    for parent, scale in size.items():
        for kind, share in (("department", 1 - shape.commune_share), ("commune", shape.commune_share)):
            mine = np.array([unit.parent == parent and unit.kind == kind for unit in units])
            weight[mine] *= scale * share / weight[mine].sum()
    return weight


def _first(procedure_of: Ints, weight: Floats, rng: np.random.Generator) -> Ints:
    """Order the pairs: each procedure's heaviest pair first, so that every active procedure occurs, then the rest."""
    by_weight = np.lexsort((-weight, procedure_of))
    leads = by_weight[np.concatenate([[True], np.diff(procedure_of[by_weight]) != 0])]
    is_lead = np.zeros(len(procedure_of), dtype=np.bool_)
    is_lead[leads] = True
    leads, rest = np.flatnonzero(is_lead), np.flatnonzero(~is_lead)
    return np.concatenate([rng.permutation(leads), rng.permutation(rest)]).astype(np.int32)
