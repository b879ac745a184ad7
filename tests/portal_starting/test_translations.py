"""Translations: compiled without gettext, everything extracted, and every kind of gap found."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from lianxi.portal import translations
from lianxi.portal.starting.words import Trouble

SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("受理")
B = ngettext("%(n)d 件", "%(n)d 件们", 2)
C = pgettext("动词", "办理")
D = _("共{count}件")
"""
PAGE = """{% load i18n %}{% translate "首页" %}
{% blocktranslate count n=n %}{{ n }} 人{% plural %}{{ n }} 人们{% endblocktranslate %}
<p title="{% translate "提示" context "浮层" %}">{% blocktranslate trimmed %}
  您好，{{ name }}
{% endblocktranslate %}</p>"""
COMPLETE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "受理"
msgstr "Accept"

msgid "%(n)d 件"
msgid_plural "%(n)d 件们"
msgstr[0] "%(n)d voice"
msgstr[1] "%(n)d voices"

msgctxt "动词"
msgid "办理"
msgstr "handle"

msgid "共{count}件"
msgstr "{count} in all"

msgid "首页"
msgstr "Home"

msgid "%(n)s 人"
msgid_plural "%(n)s 人们"
msgstr[0] "%(n)s person"
msgstr[1] "%(n)s people"

msgctxt "浮层"
msgid "提示"
msgstr "Hint"

msgid "您好，%(name)s"
msgstr "Hello %(name)s"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one app whose English is complete."""
    app = tmp_path / "commons" / "post"
    (app / "templates" / "post").mkdir(parents=True)
    (app / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "terms.py").write_text(SOURCE, encoding="utf-8")
    (app / "templates" / "post" / "page.html").write_text(PAGE, encoding="utf-8")
    po(tmp_path).write_text(COMPLETE, encoding="utf-8")
    return tmp_path


def po(package: Path) -> Path:
    return package / "commons" / "post" / "locale" / "en" / "LC_MESSAGES" / "django.po"


def test_everything_marked_is_extracted(package: Path) -> None:
    (messages,) = translations.extract(package).values()
    assert set(messages) == {
        (None, "受理"), (None, "%(n)d 件"), ("动词", "办理"), (None, "共{count}件"),
        (None, "首页"), (None, "%(n)s 人"), ("浮层", "提示"), (None, "您好，%(name)s"),
    }  # fmt: skip
    assert messages[None, "%(n)d 件"].plural == "%(n)d 件们"
    assert messages[None, "%(n)s 人"].plural == "%(n)s 人们"


def test_complete_english_passes_and_reads_back(package: Path) -> None:
    assert translations.check(package) == []
    assert translations.compile_all(package) == 1
    assert translations.compile_all(package) == 0
    with po(package).with_suffix(".mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("受理") == "Accept"
    assert english.ngettext("%(n)d 件", "%(n)d 件们", 2) == "%(n)d voices"
    assert english.pgettext("动词", "办理") == "handle"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ('msgid "受理"\nmsgstr "Accept"\n', "", "missing “受理”"),
        ('msgstr "Accept"', 'msgstr ""', "not translated “受理”"),
        ('msgid "受理"', '#, fuzzy\nmsgid "受理"', "fuzzy “受理”"),
        ('msgstr[1] "%(n)d voices"', 'msgstr[1] ""', "not translated “%(n)d 件”"),
        ('"{count} in all"', '"all of them"', "differ in count"),
        ('"Hello %(name)s"', '"Hello %(nome)s"', "differ in name, nome"),
        ('msgid "首页"', 'msgid "旧词"\nmsgstr "gone"\n\nmsgid "首页"', "left over “旧词”"),
        ('msgctxt "浮层"\n', "", "missing “提示”"),
    ],
)
def test_every_gap_is_found(package: Path, before: str, after: str, found: str) -> None:
    text = po(package).read_text(encoding="utf-8")
    assert before in text
    po(package).write_text(text.replace(before, after), encoding="utf-8")
    assert any(found in problem for problem in translations.check(package)), translations.check(package)


@pytest.mark.parametrize(
    "line",
    ["from django.utils.translation import gettext_lazy as _l", "from django.utils.translation import ngettext as _"],
)
def test_a_name_that_is_not_read_is_found(package: Path, line: str) -> None:
    assert not translations.strange_names(package)
    source = next(package.glob("**/*.py"))
    source.write_text(f"{line}\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    assert len([one for one in translations.check(package) if "unknown name" in one]) == 1


def test_missing_file_is_found_and_filled(package: Path) -> None:
    po(package).unlink()
    assert len(translations.check(package)) == 8
    assert translations.update(package) == 8
    assert translations.update(package) == 0
    assert all("not translated" in problem for problem in translations.check(package))


def test_entry_in_the_wrong_app_is_named(package: Path) -> None:
    other = package / "commons" / "gate" / "locale" / "en" / "LC_MESSAGES"
    other.mkdir(parents=True)
    (other / "django.po").write_text('msgid "受理"\nmsgstr "Accept"\n', encoding="utf-8")
    assert translations.check(package) == [
        "commons/gate/locale/en/LC_MESSAGES/django.po: belongs to another app “受理”"
    ]


def test_texts_in_no_app_belong_to_the_portal(package: Path) -> None:
    (package / "commons" / "refusals.py").write_text('_("不行")', encoding="utf-8")
    assert translations.check(package) == [
        "portal/locale/en/LC_MESSAGES/django.po: missing “不行” (commons/refusals.py:1)"
    ]


def test_broken_file_is_named(package: Path) -> None:
    po(package).write_bytes(b'msgid "\xff"\nmsgstr "a"\n')
    with pytest.raises(Trouble, match=r"django\.po cannot be read"):
        translations.compile_all(package)
    assert not po(package).with_suffix(".mo").exists()


def second_app(package: Path, english: str) -> Path:
    app = package / "commons" / "desk"
    (app / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "terms.py").write_text(
        'from django.utils.translation import gettext_lazy as _\nA = _("受理")\n', encoding="utf-8"
    )
    file = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if english:
        file.write_text(
            f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "受理"\nmsgstr "{english}"\n',
            encoding="utf-8",
        )
    return file


def test_one_text_has_one_english_in_the_whole_house(package: Path) -> None:
    second_app(package, "Take on")
    (problem,) = translations.check(package)
    assert "受理" in problem
    assert "Accept" in problem
    assert "Take on" in problem
    po(package).write_text(COMPLETE.replace('"Accept"', '"Take on"'), encoding="utf-8")
    assert translations.check(package) == []


def test_update_says_what_another_app_says_already(package: Path) -> None:
    file = second_app(package, "")
    assert translations.update(package) == 1
    assert 'msgstr "Accept"' in file.read_text(encoding="utf-8")
    assert translations.check(package) == []
