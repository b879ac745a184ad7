"""Units and terms by program: the same doors, the same refusals, nothing half done."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.units.models import Unit
from lianxi.organization.units import services
from lianxi.organization.units.api import STEPS, TERM_STEPS
from lianxi.organization.units.models import CommitteeTerm, Coverage, Move, Profile, TermEvent, UnitCode
from lianxi.organization.units.web.acts import ACTS
from lianxi.organization.units.web.acts import TERM_ACTS as TERM_PAGES
from tests.programs import Program, everything, refused

TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def program(town: SimpleNamespace) -> Program:
    return Program(town.organiser)


def _term(town: SimpleNamespace, at: dt.datetime, since: dt.date) -> CommitteeTerm:
    return services.begin_term(town.first, since=since, actor=town.actor(town.organiser), at=at)


def test_a_program_does_what_the_pages_do() -> None:
    for steps, pages in ((STEPS, ACTS), (TERM_STEPS, TERM_PAGES)):
        assert {step.name: (step.form, step.may) for step in steps} == {
            name.replace("-", "_"): (page.form, page.may) for name, page in pages.items()
        }


def test_a_unit_from_founding_to_its_end(town: SimpleNamespace, program: Program) -> None:
    made = program.post(
        f"/units/{town.wanghuai.pk}/steps/new",
        kind="branch",
        name="望槐社区第三党支部",
        since="2026-01-05",
        contact="纪晚晴",
    )
    assert made.status_code == 200, made.content
    pk = made.json()["id"]
    base = f"/units/{pk}/steps"
    for verb, body in (
        ("change", {"short_name": "三支部", "reason": "起个简称"}),
        ("profile", {"sector": "community", "situation": "own"}),
        ("code", {"scheme": "organization", "code": "00000000-1", "kept_because": "就是这样发的"}),
        ("cover", {"unit": town.estate.pk, "since": "2026-02-01"}),
        ("begin_term", {"since": "2026-01-05"}),
    ):
        answer = program.post(f"{base}/{verb}", **body)
        assert (answer.status_code, answer.json()) == (200, {"verb": verb, "id": pk}), answer.content
    read = program.get(f"/units/{pk}").json()
    assert (read["name"], read["short_name"], read["since"]) == ("望槐社区第三党支部", "三支部", "2026-01-05")
    assert read["profile"] == {"sector": "community", "situation": "own", "contact": "纪晚晴", "phone": ""}
    assert [one["id"] for one in read["above"]] == [town.district.pk, town.top.pk, town.wanghuai.pk]
    assert (read["term"]["number"], read["term"]["until"], read["term"]["state"]) == (1, "2031-01-05", "running")
    [covered] = read["covers"]
    assert covered["unit"]["id"] == town.estate.pk
    ended = program.post(f"/units/{pk}/covers/{covered['id']}/end", until="2026-03-01")
    assert (ended.status_code, ended.json()["until"]) == (200, "2026-03-01")
    assert program.post(f"{base}/close", on=TODAY, reason="并入二支部").status_code == 200
    assert Unit.objects.get(pk=pk).until == TODAY
    assert UnitCode.objects.get(unit=pk).kept_because == "就是这样发的"


def test_a_term_is_renewed_with_a_shift_approved_above(
    town: SimpleNamespace, program: Program, at: dt.datetime
) -> None:
    _term(town, at, dt.date(2022, 3, 1))
    base = f"/units/{town.first.pk}/term/steps"
    inside, above = Program(town.branch_secretary), Program(town.secretary)
    asked = inside.post(f"{base}/ask_shift", to=TODAY, reason="书记调离", seen=1)
    assert (asked.status_code, asked.json()["state"], asked.json()["version"]) == (200, "shift_asked", 2)
    refused(inside.post(f"{base}/approve_shift", approval="组〔2026〕9号"), 403, "not-permitted")
    refused(above.post(f"{base}/approve_shift", approval="组〔2026〕9号", seen=1), 409, "changed-meanwhile")
    assert above.post(f"{base}/approve_shift", approval="组〔2026〕9号", seen=2).status_code == 200
    steps = {one["verb"]: one["allowed"] for one in program.get(f"/units/{town.first.pk}/term/steps").json()}
    assert steps["close"] is True
    closed = program.post(f"{base}/close", on=TODAY, seen=3)
    assert (closed.status_code, closed.json()["number"], closed.json()["version"]) == (200, 2, 1)
    assert [one["number"] for one in program.get("/units/terms").json()] == [2]


def test_a_shift_is_refused_or_taken_back(town: SimpleNamespace, at: dt.datetime) -> None:
    term = _term(town, at, dt.date(2022, 3, 1))
    base = f"/units/{town.first.pk}/term/steps"
    inside, above = Program(town.branch_secretary), Program(town.secretary)
    for verb, who, body in (("refuse_shift", above, {"reason": "按期换届"}), ("take_back_shift", inside, {})):
        assert inside.post(f"{base}/ask_shift", to=TODAY, reason="书记调离").status_code == 200
        assert who.post(f"{base}/{verb}", **body).status_code == 200
    term.refresh_from_db()
    assert (term.state, term.asked_for, term.version) == ("running", None, 5)


def test_an_election_out_of_time(town: SimpleNamespace, program: Program, at: dt.datetime) -> None:
    _term(town, at, dt.date(2018, 1, 10))
    base, before = f"/units/{town.first.pk}/term/steps", everything()
    problem = refused(program.post(f"{base}/close", on=TODAY), 422, "blocked")
    assert "第" in problem["missing"][0]
    refused(
        Program(town.branch_secretary).post(f"{base}/close_late", on=TODAY, approval="补记1号"), 403, "not-permitted"
    )
    assert everything() == before
    assert program.post(f"{base}/close_late", on=TODAY, approval="补记1号").status_code == 200
    assert TermEvent.objects.filter(verb="close_late").count() == 1


def test_a_move_is_asked_for_and_told(town: SimpleNamespace, program: Program) -> None:
    path = f"/units/{town.second.pk}"
    refused(program.get(f"{path}/move"), 404, "not-found")
    assert program.post(f"{path}/steps/move", target=town.tingsong.pk, reason="区划调整").status_code == 200
    told = program.get(f"{path}/move").json()
    assert (told["state"], told["target"]["id"]) == ("waiting", town.tingsong.pk)
    refused(program.post(f"{path}/steps/move", target=town.tingsong.pk, reason="区划调整"), 422, "bad-input", "target")
    assert Move.objects.count() == 1


BODIES: dict[str, dict[str, Any]] = {
    "new": {"kind": "branch", "name": "新支部", "since": "2026-01-05"},
    "change": {"name": "改名", "reason": "更正"},
    "profile": {"contact": "某人"},
    "code": {"scheme": "organization", "code": "000000000"},
    "cover": {"unit": 1, "since": "2026-01-05"},
    "move": {"target": 1, "reason": "区划调整"},
    "close": {"on": "2026-11-16", "reason": "撤销"},
    "begin_term": {"since": "2025-03-01"},
}


@pytest.mark.parametrize("who", ["far_organiser", "branch_secretary", "secretary", "admin"])
@pytest.mark.parametrize("verb", [step.name for step in STEPS])
def test_who_may_not(town: SimpleNamespace, verb: str, who: str) -> None:
    before = everything()
    problem = refused(
        Program(getattr(town, who)).post(f"/units/{town.first.pk}/steps/{verb}", **BODIES[verb]), 403, "not-permitted"
    )
    assert problem["open_to"] == ["您是这一片的组织员"]
    assert everything() == before


def test_a_token_has_only_the_roles_that_it_names(town: SimpleNamespace) -> None:
    from lianxi.commons.permissions.models import Posting

    Posting.objects.create(person=town.organiser, unit=town.top, role="clerk", since=dt.date(2025, 1, 1))
    narrow, before = Program(town.organiser, "clerk"), everything()
    refused(narrow.post(f"/units/{town.first.pk}/steps/change", name="改名", reason="更正"), 403, "not-permitted")
    assert everything() == before
    whole = Program(town.organiser, "organiser")
    assert whole.post(f"/units/{town.first.pk}/steps/change", name="改名", reason="更正").status_code == 200


@pytest.mark.parametrize("path", ["", "/move", "/term/steps"])
def test_no_token_no_unit(town: SimpleNamespace, path: str) -> None:
    from django.test import Client

    refused(Client().get(f"/api/v1/units/{town.first.pk}{path}"), 401, "no-token")


BAD: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("new", {"kind": "branch", "name": "", "since": "2026-01-05"}, ("name",)),
    ("new", {"kind": "branch", "name": "支" * 121, "since": "2026-01-05"}, ("name",)),
    ("new", {"kind": "community", "name": "社区", "since": "2026-01-05"}, ("kind",)),
    ("new", {"kind": "branch", "name": "望槐社区第二党支部", "since": "2026-01-05"}, ("name",)),
    ("new", {"kind": "branch", "name": "三支部", "since": "1990-01-05"}, ("since",)),
    ("new", {"kind": "branch", "name": "三支部", "since": "soon"}, ("since",)),
    ("new", {"kind": "branch", "name": "三支部"}, ("since",)),
    ("new", {"kind": "branch", "name": "三支部", "since": "2026-01-05", "sector": "x", "phone": "1" * 41}, ("sector", "phone")),
    ("new", {"kind": "branch", "name": "三支部", "since": "2026-01-05", "path": "1."}, ("path",)),
    ("new", {"kind": "branch", "name": "三\x00支部", "since": "2026-01-05"}, ("name",)),
    ("change", {"reason": ""}, ("reason",)),
    ("change", {"name": " ", "reason": "更正"}, ("name",)),
    ("change", {"since": None, "reason": "更正"}, ("since",)),
    ("change", {"code": "1" * 19, "reason": "更" * 201}, ("code", "reason")),
    ("profile", {"situation": "somehow"}, ("situation",)),
    ("code", {"scheme": "credit", "code": "91"}, ("code",)),
    ("code", {"scheme": "none", "code": "91"}, ("scheme",)),
    ("code", {"scheme": "organization", "code": "000000001"}, ("code",)),
    ("cover", {"unit": 999999, "since": "2026-01-05"}, ("unit",)),
    ("cover", {"unit": 0, "since": "2026-01-05"}, ("unit",)),
    ("cover", {"unit": "SECOND", "since": "2026-01-05"}, ("unit",)),
    ("move", {"target": "SELF", "reason": "区划调整"}, ("target",)),
    ("move", {"target": "ESTATE", "reason": ""}, ("target", "reason")),
    ("move", {"target": 10**30, "reason": "区划调整"}, ("target",)),
    ("close", {"on": "1990-01-01", "reason": "撤销"}, ("on", "unit")),
    ("close", {"on": "2026-11-16", "reason": "撤"}, ("unit", "reason")),
    ("begin_term", {"since": "2027-01-01"}, ("since",)),
    ("begin_term", {"since": "2025-03-01", "number": 0}, ("number",)),
)  # fmt: skip


@pytest.mark.parametrize(("verb", "body", "fields"), BAD)
def test_each_bad_input_names_its_field_and_changes_nothing(
    town: SimpleNamespace, program: Program, verb: str, body: dict[str, Any], fields: tuple[str, ...]
) -> None:
    keys = {"SELF": town.wanghuai.pk, "ESTATE": town.estate.pk, "SECOND": town.second.pk}
    given = {name: keys.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    before = everything()
    refused(program.post(f"/units/{town.wanghuai.pk}/steps/{verb}", **given), 422, "bad-input", *fields)
    assert everything() == before


@pytest.mark.parametrize(
    ("verb", "body", "fields"),
    [
        ("ask_shift", {"to": "2026-11-16", "reason": "调"}, ("reason",)),
        ("ask_shift", {"to": "later", "reason": "书记调离"}, ("to",)),
        ("ask_shift", {"to": "2026-11-16", "reason": "书记调离", "seen": -1}, ("seen",)),
        ("close", {"on": "2027-01-01"}, ("on",)),
        ("close", {"on": "2020-01-01"}, ("on",)),
        ("close_late", {"on": "2026-11-16", "approval": ""}, ("approval",)),
        ("close_late", {"on": "2026-11-16", "approval": "号" * 61}, ("approval",)),
    ],
)
def test_each_bad_input_on_a_term(
    town: SimpleNamespace, program: Program, at: dt.datetime, verb: str, body: dict[str, Any], fields: tuple[str, ...]
) -> None:
    _term(town, at, dt.date(2022, 3, 1))
    before = everything()
    refused(program.post(f"/units/{town.first.pk}/term/steps/{verb}", **body), 422, "bad-input", *fields)
    assert everything() == before


def test_steps_that_are_not_open_and_terms_that_are_not_there(
    town: SimpleNamespace, program: Program, at: dt.datetime
) -> None:
    base = f"/units/{town.first.pk}/term/steps"
    refused(program.post(f"{base}/close", on=TODAY), 404, "not-found")
    _term(town, at, dt.date(2022, 3, 1))
    refused(program.post(f"{base}/take_back_shift"), 409, "not-open")
    refused(program.post("/units/999999/steps/change", reason="更正"), 404, "not-found")


def test_a_number_is_given_to_one_term_only(town: SimpleNamespace, program: Program, at: dt.datetime) -> None:
    _term(town, at, dt.date(2021, 11, 20))
    services.close_term(
        CommitteeTerm.objects.get(), on=dt.date(2026, 11, 10), begin_next=False, actor=town.actor(town.organiser), at=at
    )
    before = everything()
    refused(
        program.post(f"/units/{town.first.pk}/steps/begin_term", since="2026-11-10", number=1),
        422,
        "bad-input",
        "number",
    )
    assert everything() == before


def test_a_coverage_that_is_not_there_or_ends_before_it_begins(town: SimpleNamespace, program: Program) -> None:
    program.post(f"/units/{town.first.pk}/steps/cover", unit=town.estate.pk, since="2026-02-01")
    row = Coverage.objects.get()
    before = everything()
    path = f"/units/{town.first.pk}/covers/{row.pk}/end"
    refused(program.post(path, until="2026-01-31"), 422, "bad-input", "until")
    refused(program.post(f"/units/{town.second.pk}/covers/{row.pk}/end", until="2026-03-01"), 404, "not-found")
    refused(Program(town.branch_secretary).post(path, until="2026-03-01"), 404, "not-found")
    assert everything() == before


def test_what_a_change_does_not_name_stays(town: SimpleNamespace, program: Program) -> None:
    program.post(f"/units/{town.first.pk}/steps/profile", sector="community", contact="纪晚晴", phone="0531-1")
    program.post(f"/units/{town.first.pk}/steps/profile", contact="")
    kept = Profile.objects.get(unit=town.first)
    assert (kept.sector, kept.contact, kept.phone) == ("community", "", "0531-1")
