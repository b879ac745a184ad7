"""Members and transfers by program: the same doors, the same refusals, protected items masked, nothing half done."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.protection.models import Look
from lianxi.organization.members import services
from lianxi.organization.members.api import STEPS, TRANSFER_STEPS
from lianxi.organization.members.models import Affiliation, Member, Merge, Probation, Transfer
from lianxi.organization.members.web.acts import ACTS
from lianxi.organization.members.web.acts import TRANSFER_ACTS as TRANSFER_PAGES
from tests.organization import identity, items
from tests.programs import Program, everything, refused

TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def program(town: SimpleNamespace) -> Program:
    return Program(town.organiser)


def entry(town: SimpleNamespace, **more: Any) -> dict[str, Any]:
    """The body that registers a member."""
    return {"branch": town.second.pk, "name": "简宁", **items(serial=9), "phone": "13900001111"} | more


def test_a_program_does_what_the_pages_do() -> None:
    for steps, pages in ((STEPS, ACTS), (TRANSFER_STEPS, TRANSFER_PAGES)):
        assert {step.name: (step.form, step.may) for step in steps} == {
            name: (page.form, page.may) for name, page in pages.items()
        }


def test_registered_with_sixteen_items_and_read_masked(town: SimpleNamespace, program: Program) -> None:
    made = program.post("/members", **entry(town))
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    member = Member.objects.get(identity_is=identity(dt.date(1980, 5, 6), "1", 9))
    assert (member.pk, member.branch_id) == (pk, town.second.pk)
    read = program.get(f"/members/{pk}")
    found = read.json()
    assert (found["name"], found["born_on"], found["work"], found["number"]) == (
        "简宁",
        "1980-05-06",
        "教师",
        f"{pk:06d}",
    )
    assert (found["identity"][6:14], found["phone"]) == ("********", "139****1111")
    for plain in (identity(dt.date(1980, 5, 6), "1", 9), "13900001111", "望槐路12号3号院"):
        assert plain not in read.content.decode()
        for path in ("/members", f"/members/{pk}/events"):
            assert plain not in program.get(path).content.decode()
    assert [one["way_in"] for one in found["affiliations"]] == ["registered"]
    assert found["may"] == {"edit": True, "reveal": True, "history": True, "request": True, "merge": True}


def test_the_list_is_narrowed_and_paged(town: SimpleNamespace, program: Program) -> None:
    first = program.get("/members?size=10&order=born").json()
    assert {row["name"] for row in first["rows"]} == {"周望舒", "顾怀瑾", "沈听澜"}
    assert [row["name"] for row in program.get("/members?q=顾").json()["rows"]] == ["顾怀瑾"]
    assert [row["name"] for row in Program(town.far_secretary).get("/members").json()["rows"]] == ["沈听澜"]
    assert Program(town.admin).get("/members").json() == {"rows": [], "previous": 0, "next": 0}


def test_change_leaves_what_it_does_not_name(town: SimpleNamespace, program: Program) -> None:
    member = town.members["zhou"]
    services.change(
        member, phone="13900002222", reason="登记", actor=town.actor(town.organiser), at=dt.datetime.now(dt.UTC)
    )
    before = Member.objects.filter(pk=member.pk).values().get()
    answer = program.post(
        f"/members/{member.pk}/steps/change", work="医生", mobile=True, identity="", reason="换了单位"
    )
    assert (answer.status_code, answer.json()) == (200, {"verb": "change", "id": member.pk}), answer.content
    after = Member.objects.filter(pk=member.pk).values().get()
    assert {name for name in after if after[name] != before[name]} == {"work", "mobile"}
    assert program.get(f"/members/{member.pk}").json()["phone"] == "139****2222"
    told = program.get(f"/members/{member.pk}/events").json()
    assert any(row["text"] == "换了单位" and row["who"] == "顾明远" for row in told)


def test_a_transfer_by_two_programs(town: SimpleNamespace) -> None:
    member = town.members["zhou"]
    sends, receives = Program(town.branch_secretary), Program(town.far_secretary)
    asked = sends.post(f"/members/{member.pk}/steps/transfer", target=town.far.pk, reason="搬家")
    assert asked.status_code == 200, asked.content
    base = f"/transfers/{asked.json()['id']}"
    refused(sends.post(f"{base}/steps/accept"), 403, "not-permitted")
    refused(sends.post(f"{base}/steps/complete", on=TODAY), 409, "not-open")
    assert [row["name"] for row in receives.get("/transfers").json()["acting"]] == ["周望舒"]
    assert receives.post(f"{base}/steps/accept", seen=1).json()["version"] == 2
    refused(sends.post(f"{base}/steps/complete", on=TODAY, seen=1), 409, "changed-meanwhile")
    before = everything()
    refused(sends.post(f"{base}/steps/complete", on="2026-11-01", seen=2), 422, "blocked")
    assert everything() == before
    assert {one["verb"] for one in sends.get(f"{base}/steps").json() if one["allowed"]} == {"complete", "withdraw"}
    assert sends.post(f"{base}/steps/complete", on=TODAY, seen=2).json()["state"] == "done"
    rows = Affiliation.objects.filter(member=member).order_by("pk").values_list("unit", "until", "way_out")
    assert list(rows) == [(town.first.pk, TODAY, "transferred"), (town.far.pk, None, "")]
    assert receives.get(base).json()["moved_on"] == "2026-11-16"


def test_a_transfer_refused_or_withdrawn(town: SimpleNamespace) -> None:
    sends, receives = Program(town.branch_secretary), Program(town.far_secretary)
    for verb, who, body in (("refuse", receives, {"reason": "不住这里"}), ("withdraw", sends, {})):
        pk = sends.post(f"/members/{town.members['zhou'].pk}/steps/transfer", target=town.far.pk, reason="搬家").json()[
            "id"
        ]
        assert who.post(f"/transfers/{pk}/steps/{verb}", **body).status_code == 200
    assert set(Transfer.objects.values_list("state", flat=True)) == {"refused", "withdrawn"}
    assert Affiliation.objects.filter(until__isnull=False).count() == 0


def test_probation_by_program(town: SimpleNamespace, program: Program) -> None:
    def begin(serial: int, joined: str) -> int:
        body = entry(
            town, kind="02", joined_on=joined, full_on=None, identity=identity(dt.date(1980, 5, 6), "1", serial)
        )
        answer = program.post("/members", **body)
        assert answer.status_code == 201, answer.content
        return int(answer.json()["id"])

    full, longer, gone = begin(11, "2025-11-01"), begin(12, "2025-12-01"), begin(13, "2026-01-01")
    before = everything()
    refused(program.post(f"/members/{longer}/steps/full", on=TODAY), 422, "blocked")
    refused(program.post(f"/members/{longer}/steps/extend", to="2028-12-01", reason="再看一看"), 422, "blocked")
    refused(program.post(f"/members/{longer}/steps/full", on="1999-01-01"), 422, "bad-input", "on")
    assert everything() == before
    assert program.post(f"/members/{full}/steps/full", on=TODAY).status_code == 200
    assert program.post(f"/members/{longer}/steps/extend", to="2027-06-01", reason="再看一看").status_code == 200
    assert program.post(f"/members/{gone}/steps/cancel", on=TODAY, reason="不够条件").status_code == 200
    assert program.get(f"/members/{full}").json()["full_on"] == "2026-11-16"
    assert program.get(f"/members/{longer}").json()["probation"]["extended_to"] == "2027-06-01"
    assert program.get(f"/members/{gone}").json()["standing"] == "left"


def test_a_probation_that_began_before_the_book(town: SimpleNamespace, program: Program) -> None:
    """Whoever joined in 2003 and is entered as probationary is measured by the first edition that the book has."""
    body = entry(town, kind="02", joined_on="2003-01-01", full_on=None)
    assert program.post("/members", **body).status_code == 201
    assert Probation.objects.get().until == dt.date(2004, 1, 1)


def test_a_membership_ends(town: SimpleNamespace, program: Program) -> None:
    member = town.members["zhou"]
    path = f"/members/{member.pk}/steps"
    assert program.post(f"{path}/standing", standing="suspended", on=TODAY, reason="半年没有交党费").status_code == 200
    assert program.post(f"{path}/standing", standing="left", on=TODAY, reason="自行脱党除名").status_code == 200
    row = Affiliation.objects.get(member=member)
    assert (row.until, row.way_out) == (TODAY, "left")
    refused(program.post(f"{path}/standing", standing="normal", on=TODAY, reason="恢复"), 422, "bad-input", "standing")


def test_in_and_out_of_a_group(town: SimpleNamespace, program: Program) -> None:
    path = f"/members/{town.members['zhou'].pk}/steps/group"
    for group in (town.group.pk, None):
        assert program.post(path, group=group).status_code == 200
        assert Affiliation.objects.get(member=town.members["zhou"]).group_id == group


def test_two_entries_of_one_person_become_one_and_two_again(town: SimpleNamespace, program: Program) -> None:
    kept, gone = town.members["zhou"].pk, town.members["gu"].pk
    path = f"/members/{kept}"
    assert program.post(f"{path}/steps/merge", gone=gone, take=["work"], reason="同一个人").status_code == 200
    [merge] = program.get(path).json()["merges"]
    assert merge["gone"] == gone
    assert program.get(f"/members/{gone}").json()["standing"] == "merged"
    refused(program.post(f"/members/{town.members['shen'].pk}/steps/undo_merge", merge=merge["id"]), 404, "not-found")
    assert program.post(f"{path}/steps/undo_merge", merge=merge["id"]).status_code == 200
    assert program.get(f"/members/{gone}").json()["standing"] == "normal"
    assert Merge.objects.get().undone_at is not None


class TestRevealing:
    def test_the_look_is_on_record_with_its_reason(self, town: SimpleNamespace, program: Program) -> None:
        member = town.members["zhou"]
        answer = program.post(f"/members/{member.pk}/reveal/identity", reason="核对入党材料")
        assert answer.json() == {"item": "identity", "plain": identity(dt.date(1980, 5, 6))}
        assert answer["Cache-Control"] == "no-store"
        look = Look.objects.get()
        assert (look.by_id, look.reason, look.field, look.subject_id) == (
            town.organiser.pk, "核对入党材料", "identity", member.person_id,
        )  # fmt: skip

    def test_no_reason_no_look(self, town: SimpleNamespace, program: Program) -> None:
        path = f"/members/{town.members['zhou'].pk}/reveal"
        for reason in ("", " ", "看"):
            problem = refused(program.post(f"{path}/identity", reason=reason), 422, "bad-input", "reason")
            assert identity(dt.date(1980, 5, 6)) not in str(problem)
        refused(program.post(f"{path}/identity"), 422, "bad-input", "reason")
        refused(program.post(f"{path}/standing", reason="核对材料"), 404, "not-found")
        assert not Look.objects.exists()

    @pytest.mark.parametrize("who", ["far_organiser", "far_secretary", "admin", "dispatcher"])
    def test_strangers_find_nobody(self, town: SimpleNamespace, who: str) -> None:
        path = f"/members/{town.members['zhou'].pk}/reveal/phone"
        refused(Program(getattr(town, who)).post(path, reason="核对材料"), 404, "not-found")
        assert not Look.objects.exists()

    def test_a_program_does_not_read_the_whole_register(
        self, town: SimpleNamespace, program: Program, settings: Any
    ) -> None:
        settings.THROTTLES = settings.THROTTLES | {"members.reveal_api": ((2, 60),)}
        keys = [one.pk for one in town.members.values()]
        answers = [program.post(f"/members/{pk}/reveal/address", reason="核对材料").status_code for pk in keys]
        assert answers == [200, 200, 429]
        assert Look.objects.count() == 2
        assert (
            Program(town.branch_secretary).post(f"/members/{keys[0]}/reveal/address", reason="走访").status_code == 200
        )


BODIES: dict[str, dict[str, Any]] = {
    "change": {"work": "医生", "reason": "换了单位"},
    "transfer": {"target": 1, "reason": "搬家"},
    "full": {"on": "2026-11-16"},
    "extend": {"to": "2027-06-01", "reason": "再看一看"},
    "cancel": {"on": "2026-11-16", "reason": "不够条件"},
    "standing": {"standing": "left", "on": "2026-11-16", "reason": "除名"},
    "part": {"kind": "dues", "on": "2026-11-16"},
    "part_back": {"sign": 1, "reason": "记错了"},
    "group": {"group": None},
    "merge": {"gone": 1, "reason": "同一个人"},
}


BRANCH_SECRETARYS = {"transfer", "part", "part_back"}
"""What the secretary of the member's branch may do."""


@pytest.mark.parametrize("verb", [step.name for step in STEPS])
def test_who_may_not(town: SimpleNamespace, verb: str) -> None:
    member = town.members["zhou"]
    path, before = f"/members/{member.pk}/steps/{verb}", everything()
    for stranger in (town.far_organiser, town.far_secretary, town.admin, town.dispatcher):
        refused(Program(stranger).post(path, **BODIES[verb]), 404, "not-found")
    if verb not in BRANCH_SECRETARYS:
        refused(Program(town.branch_secretary).post(path, **BODIES[verb]), 403, "not-permitted")
    assert everything() == before


@pytest.mark.parametrize("who", ["branch_secretary", "admin", "dispatcher"])
def test_who_may_not_register(town: SimpleNamespace, who: str) -> None:
    before = everything()
    refused(Program(getattr(town, who)).post("/members", **entry(town)), 403, "not-permitted")
    assert everything() == before


def test_an_organiser_of_elsewhere_does_not_register_here(town: SimpleNamespace) -> None:
    before = everything()
    refused(Program(town.far_organiser).post("/members", **entry(town)), 422, "bad-input", "branch")
    assert everything() == before


REGISTER_BAD: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    ({"name": ""}, ("name",)), ({"name": "名" * 61}, ("name",)), ({"identity": "123"}, ("identity",)), ({"identity": ""}, ("identity",)),
    ({"identity": identity(dt.date(1980, 5, 6))}, ("identity",)), ({"sex": "2"}, ("sex",)), ({"sex": "x"}, ("sex",)),
    ({"nationality": "99"}, ("nationality",)), ({"born_on": "1980-05-07"}, ("born_on",)), ({"born_on": "9999-01-01"}, ("born_on",)),
    ({"education": "00"}, ("education",)), ({"kind": "03"}, ("kind",)), ({"kind": "02"}, ("full_on",)), ({"full_on": None}, ("full_on",)),
    ({"joined_on": "1990-01-01"}, ("joined_on",)), ({"joined_on": "2030-01-01"}, ("joined_on", "full_on")), ({"full_on": "2000-01-01"}, ("full_on",)),
    ({"work": "岗" * 61}, ("work",)), ({"phone": "12345"}, ("phone",)), ({"address": "址" * 121}, ("address",)), ({"branch": 999999}, ("branch",)),
    ({"branch": 3.5}, ("branch",)), ({"lost": "perhaps"}, ("lost",)), ({"standing": "left"}, ("standing",)),
    ({"joined_on": "2026-13-01"}, ("joined_on",)), ({"work": "a\x00b"}, ("work",)),
)  # fmt: skip


@pytest.mark.parametrize(("bad", "fields"), REGISTER_BAD)
def test_each_bad_item_is_named_and_nobody_is_registered(
    town: SimpleNamespace, program: Program, bad: dict[str, Any], fields: tuple[str, ...]
) -> None:
    before = everything()
    refused(program.post("/members", **entry(town, **bad)), 422, "bad-input", *fields)
    assert everything() == before


STEP_BAD: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("change", {"reason": ""}, ("reason",)), ("change", {"work": "医生"}, ("reason",)), ("change", {"name": " ", "reason": "更正"}, ("name",)),
    ("change", {"born_on": "1980-05-07", "reason": "更正"}, ("born_on",)), ("change", {"identity": "SHEN", "reason": "更正"}, ("identity",)),
    ("change", {"full_on": None, "reason": "更正"}, ("full_on",)), ("change", {"phone": "1", "reason": "更正"}, ("phone",)),
    ("change", {"kind": "02", "reason": "更正"}, ("kind",)), ("change", {"born_on": "0001-01-01", "reason": "更正"}, ("born_on",)),
    ("transfer", {"target": "SAME", "reason": "搬家"}, ("target",)), ("transfer", {"target": "PLACE", "reason": "搬家"}, ("target",)),
    ("transfer", {"target": "FAR", "reason": "搬"}, ("reason",)), ("full", {"on": "2026-11-16"}, ("on",)), ("full", {}, ("on",)),
    ("extend", {"to": "2027-01-01", "reason": "再看"}, ("on",)), ("cancel", {"on": "2026-11-16", "reason": "不够条件"}, ("on",)),
    ("standing", {"standing": "merged", "on": "2026-11-16", "reason": "合并"}, ("standing",)),
    ("standing", {"standing": "normal", "on": "2026-11-16", "reason": "恢复"}, ("standing",)),
    ("standing", {"standing": "left", "on": "2026-11-01", "reason": "除名"}, ("on",)),
    ("standing", {"standing": "died", "on": "2027-11-01", "reason": "去"}, ("on", "reason")),
    ("group", {"group": "FAR"}, ("group",)), ("merge", {"gone": 999999, "reason": "同一个人"}, ("gone",)),
    ("merge", {"gone": "SELF", "reason": "同一个人"}, ("gone",)), ("merge", {"gone": "GU", "take": ["identity"], "reason": "同一个人"}, ("take",)),
    ("merge", {"gone": "GU", "reason": "同"}, ("reason",)),
)  # fmt: skip


@pytest.mark.parametrize(("verb", "body", "fields"), STEP_BAD)
def test_each_bad_step_names_its_field_and_changes_nothing(
    town: SimpleNamespace, program: Program, verb: str, body: dict[str, Any], fields: tuple[str, ...]
) -> None:
    s = town
    words = {
        "SAME": s.first.pk, "PLACE": s.wanghuai.pk, "FAR": s.far.pk, "SELF": s.members["zhou"].pk, "GU": s.members["gu"].pk,
        "SHEN": identity(dt.date(1980, 5, 6), "1", 3),
    }  # fmt: skip
    given = {name: words.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    before = everything()
    refused(program.post(f"/members/{s.members['zhou'].pk}/steps/{verb}", **given), 422, "bad-input", *fields)
    assert everything() == before


def test_a_second_transfer_and_strangers_to_the_first(town: SimpleNamespace, program: Program) -> None:
    path = f"/members/{town.members['zhou'].pk}/steps/transfer"
    pk = program.post(path, target=town.far.pk, reason="搬家").json()["id"]
    before = everything()
    refused(program.post(path, target=town.second.pk, reason="又改了主意"), 422, "bad-input", "target")
    for stranger in (town.dispatcher, town.admin):
        for verb in ("accept", "withdraw"):
            refused(Program(stranger).post(f"/transfers/{pk}/steps/{verb}"), 404, "not-found")
    refused(Program(town.far_secretary).post(f"/transfers/{pk}/steps/withdraw"), 403, "not-permitted")
    refused(Program(town.far_secretary).post(f"/transfers/{pk}/steps/refuse", reason="不"), 422, "bad-input", "reason")
    assert everything() == before


def test_oneself_reads_the_own_entry_by_program(town: SimpleNamespace) -> None:
    from lianxi.commons.permissions.models import Posting

    person = town.members["zhou"].person
    Posting.objects.create(person=person, unit=town.works, role="handler", since=dt.date(2025, 1, 1))
    own = Program(person)
    found = own.get(f"/members/{town.members['zhou'].pk}").json()
    assert found["may"] == {"edit": False, "reveal": True, "history": True, "request": False, "merge": False}
    refused(own.get(f"/members/{town.members['gu'].pk}"), 404, "not-found")
    refused(
        own.post(f"/members/{town.members['zhou'].pk}/steps/transfer", target=town.far.pk, reason="搬家"),
        403,
        "not-permitted",
    )


@pytest.mark.parametrize("path", ["/members", "/members/1", "/members/1/events", "/transfers", "/transfers/1"])
def test_no_token_no_member(town: SimpleNamespace, path: str) -> None:
    from django.test import Client

    refused(Client().get(f"/api/v1{path}"), 401, "no-token")


def test_a_sign_of_taking_part_is_recorded_read_and_taken_back(town: SimpleNamespace, program: Program) -> None:
    path = f"/members/{town.members['zhou'].pk}"
    refused(program.post(f"{path}/steps/part", kind="dues", on="2199-01-01"), 422, "bad-input", "on")
    assert program.post(f"{path}/steps/part", kind="rank", on=TODAY).status_code == 422
    assert program.get(f"{path}/parts").json() == []
    assert program.post(f"{path}/steps/part", kind="dues", on=TODAY).status_code == 200
    (sign,) = program.get(f"{path}/parts").json()
    assert (sign["kind"], sign["on"]) == ("dues", TODAY.isoformat())
    other = f"/members/{town.members['shen'].pk}/steps/part_back"
    assert program.post(other, sign=sign["id"], reason="记错了").status_code in (404, 422)
    refused(program.post(f"{path}/steps/part_back", sign=sign["id"], reason="错"), 422, "bad-input", "reason")
    assert len(program.get(f"{path}/parts").json()) == 1
    assert program.post(f"{path}/steps/part_back", sign=sign["id"], reason="记错了").status_code == 200
    assert program.get(f"{path}/parts").json() == []
