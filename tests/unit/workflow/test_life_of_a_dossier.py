"""Any sequence of acts, by anybody, with anything: the dossier never leaves the table."""

from datetime import datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from motcua.workflow import rulebook, rules
from motcua.workflow.demands import ActFacts
from motcua.workflow.states import PortalState

LAW = Path(__file__).parents[3] / "law"
BOOK = rulebook.read_rulebook(LAW / "workflow" / "one_stop" / "2025-07-01.toml")

MOMENTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-31"))
WORDS = st.sampled_from(["", " ", "có"])
ANYTHING = st.builds(
    ActFacts,
    at=MOMENTS,
    actor_name=WORDS,
    actor_title=WORDS,
    supervisor_name=WORDS,
    is_complete=st.booleans(),
    due_at=st.none() | MOMENTS,
    new_due_at=st.none() | MOMENTS,
    missing_papers=st.sampled_from([(), ("",), ("Tờ khai",)]),
    papers=st.sampled_from([(), ("Tờ khai",)]),
    reason=WORDS,
    legal_basis=WORDS,
    pause_ground=st.sampled_from(["", "field_survey"]),
    amount=st.integers(-1, 1),
    supplement_requests=st.integers(0, 2),
    extensions=st.integers(0, 2),
    open_opinions=st.integers(0, 2),
    open_referrals=st.integers(0, 2),
)
WHOLE = ActFacts(
    at=datetime.fromisoformat("2026-03-02"),
    actor_name="Ánh",
    actor_title="Chuyên viên",
    supervisor_name="Bình",
    is_complete=True,
    due_at=datetime.fromisoformat("2026-03-09"),
    new_due_at=datetime.fromisoformat("2026-03-12"),
    missing_papers=("Tờ khai",),
    papers=("Tờ khai",),
    reason="có",
    legal_basis="Điều 1",
    pause_ground="field_survey",
    apology="1/PXL",
    approver_name="Cường",
    assignee="Dung",
    receiving_unit="H05.12",
    question="có",
    opinion="có",
    amount=1,
    receipt="1",
    step="1",
    passed_steps=("1",),
    draft="1",
    result="1",
    recipient_name="Mỵ",
    handed_over_by="direct",
    open_opinions=1,
    open_referrals=1,
)


class LifeOfADossier(RuleBasedStateMachine):
    """One dossier, acted upon at random."""

    def __init__(self) -> None:
        super().__init__()
        self.state: str | None = None

    @initialize(act=st.sampled_from(["submit", "receive"]))
    def open_it(self, act: str) -> None:
        decision = rules.decide(act, rulebook=BOOK, local_state=None, roles=frozenset({"clerk"}), facts=WHOLE)
        self.state = decision.or_raise().local_state

    @rule(
        act=st.sampled_from(sorted(BOOK.acts)),
        roles=st.frozensets(st.sampled_from(sorted(BOOK.roles)), max_size=3),
        facts=st.just(WHOLE) | ANYTHING,
    )
    def act(self, act: str, roles: frozenset[str], facts: ActFacts) -> None:
        before = self.state
        assert before is not None
        decision = rules.decide(act, rulebook=BOOK, local_state=before, roles=roles, facts=facts)
        if isinstance(decision, rules.Refused):
            assert decision.why.endswith(".")
            return
        self.state = decision.local_state
        assert decision.state is BOOK.states[decision.local_state].portal
        assert decision.act in rules.open_acts(rulebook=BOOK, local_state=before, roles=roles)
        if BOOK.is_terminal(before):
            assert self.state == before
        was = BOOK.states[before].portal
        assert decision.state is was or decision.state in BOOK.portal_order[was]

    @rule(data=st.data())
    def do_something_offered(self, data: st.DataObject) -> None:
        offers = rules.open_acts(rulebook=BOOK, local_state=self.state, roles=frozenset(BOOK.roles))
        act = data.draw(st.sampled_from([offer.code for offer in offers]))
        self.act(act, frozenset(BOOK.roles), WHOLE)

    @invariant()
    def is_in_the_table_and_on_the_portal(self) -> None:
        if self.state is not None:
            assert BOOK.states[self.state].portal in PortalState


LifeOfADossier.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLifeOfADossier = LifeOfADossier.TestCase


def test_every_state_of_the_file_can_be_reached() -> None:
    reached: set[str | None] = {None}
    while True:
        more = {
            decision.local_state
            for state in reached
            for act in BOOK.acts
            if isinstance(
                decision := rules.decide(
                    act, rulebook=BOOK, local_state=state, roles=frozenset(BOOK.roles), facts=WHOLE
                ),
                rules.Allowed,
            )
        }
        if more <= reached:
            break
        reached |= more

    assert reached - {None} == set(BOOK.states)


def test_from_every_open_state_somebody_can_bring_the_dossier_to_an_end() -> None:
    ends = {code for code in BOOK.states if BOOK.is_terminal(code)}
    while True:
        more = {
            start for act in BOOK.acts.values() for start, end in act.moves.items() if end in ends and start not in ends
        }
        if not more:
            break
        ends |= more

    assert ends == set(BOOK.states)
