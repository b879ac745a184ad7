"""The whole way by keyboard, phone and desk, both languages: draft, trades, a sheet of figures, floors that contradict, a tie
voted or drawn, approval, publication; the certificate is then checked in the browser and on the command line.

`LIANXI_PICTURES=1` keeps what is seen on the way in docs/pictures.
"""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.units.models import Unit
from lianxi.delegates.quotas import services
from lianxi.delegates.quotas.models import SeatPlan
from tests.browser import DESK, PHONE, too_wide, violations
from tests.officers import login

from .conftest import DAY
from .test_browser import VERIFIER, enter
from .test_figure_sheet import run, template
from .test_walk import organiser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = bool(os.environ.get("LIANXI_PICTURES"))
WHERE = Path(__file__).resolve().parents[2] / "docs" / "pictures"
TALLEST, SOURCE = 2400, 15
"""How tall a picture may be; the column of a sheet that says where its figures come from."""
UNITS = (
    ("望槐社区党委", "Wanghuai committee", (12, 18, 16, 22, 16)),
    ("听松社区党委", "Tingsong committee", (20, 10, 24, 14, 16)),
    ("汀兰社区党委", "Tinglan committee", (8, 30, 12, 18, 16)),
)


class Walker:
    """A page walked with the keyboard: what is pressed is focused first, then Enter or Space."""

    def __init__(self, page: Any, language: str) -> None:
        self.page, self.language = page, language

    def say(self, msgid: str, **facts: Any) -> str:
        with override(self.language):
            return gettext(msgid) % facts if facts else gettext(msgid)

    def press(self, msgid: str, **facts: Any) -> None:
        name = self.say(msgid, **facts)
        found = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        found.first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, name: str, text: str) -> None:
        self.page.locator(f"[name={name}]").focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def sound(self) -> None:
        assert violations(self.page) == []
        assert too_wide(self.page) == []
        assert self.page.said == []

    def keep(self, name: str) -> None:
        """A small picture of the whole page, without the bar that says what was done."""
        self.sound()
        if not PICTURES:
            return
        from PIL import Image

        width, height = self.page.viewport_size.values()
        self.page.evaluate(
            "document.activeElement?.blur(); document.querySelectorAll('.lx-done').forEach((one) => one.remove())"
        )
        tall = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(height, min(tall, TALLEST))})
        self.page.evaluate("window.scrollTo(0, 0)")
        shot = Image.open(io.BytesIO(self.page.screenshot(animations="disabled")))
        self.page.set_viewport_size({"width": width, "height": height})
        size = "phone" if width == PHONE else "desk"
        path = WHERE / f"{name}-{size}-{self.language[:2]}.png"
        shot.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_whole_way_by_keyboard(town: SimpleNamespace, visit: Any, width: int, language: str, tmp_path: Path) -> None:  # fmt: skip
    Unit.objects.filter(pk=town.top.pk).update(name_en="Yanhu Street working committee")
    page = visit("/account/login/", width=width, language=language)
    enter(page, town.organiser)
    walk = Walker(page, language)
    plan = _begin(town, walk)
    _trades(walk, plan)
    _sheet(town, walk, plan, tmp_path)
    _floors(walk, plan)
    walk.press("测算")
    walk.press("测算")
    walk.keep("seats-tie")
    assert walk.say("有并列，要由会议定") in page.inner_text("main")
    _decided(walk)
    walk.keep("seats-plan")
    walk.press("报上级审批")
    walk.press("报上级审批")
    above = visit("/account/login/", width=width, language=language)
    enter(above, town.higher)
    higher = Walker(above, language)
    above.goto(f"/delegates/{plan.pk}/")
    higher.press("批准")
    higher.type("approval", "砚组〔2026〕41号")
    higher.press("批准")
    page.goto(f"/delegates/{plan.pk}/")
    walk.press("公布")
    walk.press("公布")
    _checked(walk.language, visit, plan, width, tmp_path)


def _begin(town: SimpleNamespace, walk: Walker) -> Any:
    walk.page.goto("/delegates/")
    walk.press("编制方案")
    if walk.page.locator("select[name=body]").count():
        walk.page.select_option("select[name=body]", str(town.top.pk))
        walk.press("下一步")
    walk.type("title", "砚湖街道党员代表会议")
    walk.type("title_en", "Yanhu Street conference of delegates")
    walk.type("seats", "40")
    for name, text in (("weight_members", "1"), ("weight_organizations", "0"), ("weight_population", "0")):
        walk.type(name, text)
    walk.press("开始编制")
    plan = SeatPlan.objects.get(title_en="Yanhu Street conference of delegates")
    rows = [{"name": name, "name_en": english, "members": 5, "people": [1] * 5, "organizations": 3} for name, english, _ in UNITS]  # fmt: skip
    return services.put_figures(plan, on=DAY, rows=rows, actor=organiser(town), at=timezone.now())


def _trades(walk: Walker, plan: Any) -> None:
    """A trade goes up and down again; the pressed button keeps the focus."""
    walk.page.goto(f"/delegates/{plan.pk}/trades/")
    with override(walk.language):
        name = str(plan.trades.last())
    walk.press("%(trade)s上移", trade=name)
    label = walk.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == walk.say("%(trade)s上移", trade=name)
    walk.press("%(trade)s下移", trade=name)
    walk.keep("seats-trades")


def _sheet(town: SimpleNamespace, walk: Walker, plan: Any, tmp_path: Path) -> None:
    """The template is filled, one figure wrong; what is wrong is named, then it is sent again and applied."""
    client = login(town.organiser)
    client.cookies["language"] = walk.language
    book = template(plan, client)
    sheet: Any = book.worksheets[0]
    for n, (_name, _english, people) in enumerate(UNITS, 2):
        for place, count in enumerate(people):
            sheet.cell(n, 6 + place, count)
        sheet.cell(n, 5, 84)
        sheet.cell(n, SOURCE, "区委组织部年报" if walk.language == "zh-hans" else "The district's yearly return")
    sheet.cell(3, 5, 85)
    name = "数字" if walk.language == "zh-hans" else "Figures"
    wrong, right = tmp_path / f"{name}.xlsx", tmp_path / f"{name}-2.xlsx"
    book.save(wrong)
    sheet.cell(3, 5, 84)
    book.save(right)
    for file in (wrong, right):
        walk.page.goto(f"/delegates/{plan.pk}/figures/")
        walk.press("用表格填单位和行业的数字")
        walk.page.set_input_files("[name=file]", file)
        walk.press("上传检查")
        batch = ImportBatch.objects.order_by("-pk").first()
        run(batch, "check", organiser(town), timezone.now())
        walk.page.goto(f"/papers/{batch.pk}/")  # type: ignore[union-attr]
        if file is wrong:
            assert walk.say("各行业加起来是%(sum)d人，和党员数%(members)d不一样。", sum=84, members=85) in walk.page.inner_text("main")  # fmt: skip
            walk.keep("seats-sheet")
    with override(walk.language):
        apply = ngettext("导入%(n)s行", "导入%(n)s行", 3) % {"n": 3}
    walk.press(apply)
    run(batch, "apply", organiser(town), timezone.now())
    walk.page.goto(f"/papers/{batch.pk}/")  # type: ignore[union-attr]
    walk.press("看导入的内容")
    assert "252" in walk.page.inner_text("main")


def _floors(walk: Walker, plan: Any) -> None:
    """Floors that contradict one another are told with a cure; then they are mended."""
    first, second = list(plan.trades.all())[:2]
    for shares in (("60%", "60%"), ("10%", "")):
        walk.page.goto(f"/delegates/{plan.pk}/bounds/")
        for trade, share in zip((first, second), shares, strict=True):
            walk.type(f"at_least_{trade.pk}", share)
        walk.press("定行业比例")
        if shares[1]:
            walk.press("测算")
            walk.press("测算")
            assert walk.say("这些要求互相矛盾，排不出") in walk.page.inner_text("main")
            walk.keep("seats-cannot")


def _decided(walk: Walker) -> None:
    """By a vote where Chinese is read, by lot where English is: both ways are walked."""
    way = "登记表决的次序" if walk.language == "zh-hans" else "登记抽签"
    walk.press(way)
    if way == "登记抽签":
        walk.type("seed", "38-07-91")
    else:
        assert UNITS[0][0] in walk.page.inner_text("main")
        walk.type("order", UNITS[1][0])
    walk.type("paper", "党工委会议" if walk.language == "zh-hans" else "Working committee, 30 November")
    walk.press(way)
    assert walk.say("已算出") in walk.page.inner_text("main")


def _checked(language: str, visit: Any, plan: Any, width: int, tmp_path: Path) -> None:
    anybody = visit(f"/public/seats/{plan.pk}/", width=width, language=language)
    walk = Walker(anybody, language)
    button = anybody.get_by_role("button", name=walk.say("自己验算"))
    button.focus()
    anybody.keyboard.press("Enter")
    anybody.locator(".q-good").wait_for()
    assert anybody.locator(".q-no").count() == 0
    walk.keep("seats-public")
    with anybody.expect_download() as download:
        anybody.get_by_role("link", name=walk.say("下载验算书")).click()
    file = tmp_path / "certificate.json"
    download.value.save_as(file)
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
