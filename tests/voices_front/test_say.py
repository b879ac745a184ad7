"""Saying something: what is stored, what is refused, and that what was typed is still there."""

import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lianxi.commons.permissions import ANYBODY
from lianxi.participation.voices.models import Party, Photo, Voice
from lianxi.participation.voices.services import PHOTO_BYTES, normal_code

from .conftest import every_table, jpeg, token_of

TEXT = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。"
pytestmark = pytest.mark.usefixtures("street")


def form(client: Client, /, **typed: Any) -> dict[str, Any]:
    return {"text": TEXT, "token": token_of(client.get("/say/"))} | typed


def voices() -> list[Voice]:
    return list(Voice._base_manager.order_by("received_at", "pk"))


def test_only_the_first_field_is_needed_and_the_receipt_opens_the_matter(phone: Client) -> None:
    answer = phone.post("/say/", form(phone))
    assert (answer.status_code, answer["Location"]) == (302, "/receipt/")
    [voice] = voices()
    assert (voice.text, voice.kind, voice.naming, voice.author_id, voice.state) == (
        TEXT,
        "help",
        "anonymous",
        None,
        "received",
    )
    receipt = phone.get("/receipt/")
    code = receipt.context["code"]
    assert code in receipt.content.decode()
    assert receipt["Cache-Control"] == "private, no-store"
    assert Client().get(f"/follow/{code}/").context["f"].voice.pk == voice.pk


def test_the_code_is_kept_nowhere(phone: Client) -> None:
    from django.db import connection

    phone.post("/say/", form(phone))
    code = phone.get("/receipt/").context["code"]
    phone.get(f"/follow/{code}/")
    phone.post("/follow/add/", {"code": code, "a-text": "昨晚又坏了一盏。"})
    bare = normal_code(code)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s OR t::text ILIKE %s',
                [f"%{bare}%", f"%{bare[:4]}-{bare[4:]}%"],
            )
            assert cursor.fetchone()[0] == 0, table


def test_the_receipt_is_shown_to_this_browser_only_and_can_be_put_away(phone: Client) -> None:
    phone.post("/say/", form(phone))
    assert Client().get("/receipt/")["Location"] == "/follow/"
    assert phone.get("/receipt/print/").status_code == 200
    phone.post("/receipt/")
    assert phone.get("/receipt/")["Location"] == "/follow/"


def test_sent_twice_is_one_voice_with_one_receipt(phone: Client) -> None:
    typed = form(phone)
    phone.post("/say/", typed)
    first = phone.get("/receipt/").context["code"]
    phone.post("/say/", typed)
    assert phone.get("/receipt/").context["code"] == first
    assert len(voices()) == 1


def test_another_text_from_the_same_page_is_another_voice(phone: Client) -> None:
    typed = form(phone)
    phone.post("/say/", typed)
    phone.post("/say/", typed | {"text": "楼道里堆满了纸箱，怕着火。"})
    assert len(voices()) == 2


def test_nobody_chooses_the_lot(phone: Client) -> None:
    for _ in range(2):
        phone.post("/say/", {"text": TEXT, "token": "chosen"})
    assert len(voices()) == 2


def test_photos_lose_their_place_and_are_served_through_the_door(phone: Client) -> None:
    picture = Image.new("RGB", (300, 200), "navy")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 12.0, 30.0), 3: "E", 4: (121.0, 28.0, 0.0)}
    exif[0x010F] = "a maker of phones"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(out.getvalue())).getexif().get_ifd(0x8825)
    phone.post("/say/", form(phone, photos=[SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")]))
    [photo] = Photo._base_manager.all()
    stored = photo.image.open("rb").read()
    assert not Image.open(io.BytesIO(stored)).getexif()
    assert b"a maker of phones" not in stored
    assert phone.get(f"/photo/{photo.key}/").status_code == 404
    phone.get(f"/follow/{phone.get('/receipt/').context['code']}/")
    served = phone.get(f"/photo/{photo.key}/")
    assert served.status_code == 200
    assert b"".join(served.streaming_content) == stored  # type: ignore[arg-type]
    assert (served["Cache-Control"], served["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert Client().get(f"/photo/{photo.key}/").status_code == 404
    assert phone.get(f"/media/{photo.image.name}").status_code == 404


def test_whom_it_is_about_never_gets_it(phone: Client, street: SimpleNamespace) -> None:
    phone.post("/say/", form(phone, place=street.wanghuai.pk, about="on", accused_words="半亩苑物业"))
    [voice] = voices()
    assert voice.accused_any
    assert [party.unit_id for party in Party._base_manager.all()] == [street.estate.pk]


def test_a_named_person_is_kept_away_and_an_unknown_one_stays_in_the_text(
    phone: Client, street: SimpleNamespace
) -> None:
    phone.post("/say/", form(phone, about="on", accused_words="承办人陆砚秋"))
    [first] = voices()
    assert [party.person_id for party in Party._base_manager.all()] == [street.handler.pk]
    assert "陆砚秋" not in first.text
    phone.post("/say/", form(phone, text="物业的师傅态度不好。", about="on", accused_words="小胡"))
    assert "小胡" in voices()[1].text
    assert (voices()[1].accused_any, voices()[1].accused_open) == (True, True)


def test_several_units_are_asked_back(phone: Client, street: SimpleNamespace) -> None:
    page = phone.post("/say/", form(phone, about="on", accused_words="居委会"))
    assert page.status_code == 422
    assert "望槐社区居委会" in page.content.decode()
    assert "听松社区居委会" in page.content.decode()
    assert not voices()
    phone.post("/say/", form(phone, about="on", accused_words="居委会", accused_units=[street.tingsong_committee.pk]))
    assert [party.unit_id for party in Party._base_manager.all()] == [street.tingsong_committee.pk]


def test_about_somebody_without_saying_whom_is_asked(phone: Client) -> None:
    page = phone.post("/say/", form(phone, about="on"))
    assert page.status_code == 422
    assert page.context["form"].errors["accused_words"]
    assert not voices()


def test_a_complaint_about_discipline_is_stored_in_no_table(phone: Client, street: SimpleNamespace) -> None:
    typed = form(
        phone,
        text="某党员干部收了礼金五万元。",
        kind="discipline",
        phone="13900000417",
        photos=[SimpleUploadedFile("a.jpg", jpeg())],
    )
    before = every_table()
    page = phone.post("/say/", typed)
    assert page.status_code == 422
    assert "不接收、不保存" in page.content.decode()
    assert "某党员干部收了礼金五万元。" in page.content.decode()
    assert '<meta name="sent" content="say">' in page.content.decode()
    assert every_table() == before
    assert page["Cache-Control"] == "private, no-store"


def test_anonymous_keeps_no_contact(phone: Client) -> None:
    page = phone.post("/say/", form(phone, naming="anonymous", phone="13900000417"))
    assert page.status_code == 422
    assert page.context["form"].errors["naming"]
    assert "13900000417" in page.content.decode()
    assert not voices()


def test_an_account_stands_behind_it_unless_anonymous(street: SimpleNamespace) -> None:
    from lianxi.commons.accounts.models import Account

    own = Client()
    own.force_login(Account.objects.create_user("suqinghe", "a-long-password", person=street.resident))
    own.post("/say/", form(own, naming="confidential"))
    own.post("/say/", form(own, naming="anonymous", text="楼上夜里很吵，睡不着。"))
    assert [voice.author_id for voice in voices()] == [street.resident.pk, None]
    page = own.get("/my/voices/")
    assert page.content.decode().count("lx-row-title") == 1
    assert own.get(f"/my/voices/{voices()[0].pk}/").status_code == 200
    assert own.get(f"/my/voices/{voices()[1].pk}/").status_code == 404
    assert Client().get("/my/voices/").status_code == 302


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"\0" * 50_000_000)
    return out.getvalue()


def wide_png() -> bytes:
    """A small file that says it is 60000 × 60000."""
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"text": ""}, "text"),
    "blanks": ({"text": " \u200b\u202e \n"}, "text"),
    "four characters": ({"text": "灯坏了。"}, "text"),
    "too long": ({"text": "灯" * 5001}, "text"),
    "a name of 10,000": ({"contact_name": "王" * 10_000}, "contact_name"),
    "an address of 10,000": ({"address": "路" * 10_000}, "address"),
    "a phone that is none": ({"phone": "没有电话"}, "phone"),
    "a mail that is none": ({"email": "a@"}, "email"),
    "a kind that is none": ({"kind": "<script>"}, "kind"),
    "a place that is none": ({"place": "999999"}, "place"),
    "a naming that is none": ({"naming": "nobody"}, "naming"),
    "a unit that is none": (
        {"about": "on", "accused_units": ["77777777"], "accused_words": "半亩苑物业"},
        "accused_units",
    ),
    "seven photos": ({"photos": [SimpleUploadedFile(f"{n}.jpg", jpeg((20, 20))) for n in range(7)]}, "photos"),
    "no picture": ({"photos": [SimpleUploadedFile("a.jpg", b"hello", "image/jpeg")]}, "photos"),
    "a page that lies about its type": (
        {"photos": [SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>", "image/jpeg")]},
        "photos",
    ),
    "an SVG": (
        {"photos": [SimpleUploadedFile("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")]},
        "photos",
    ),
    "a zip bomb": ({"photos": [SimpleUploadedFile("a.jpg", bomb(), "image/jpeg")]}, "photos"),
    "a picture of 60000 × 60000": ({"photos": [SimpleUploadedFile("a.png", wide_png(), "image/png")]}, "photos"),
    "a picture cut off": (
        {"photos": [SimpleUploadedFile("a.jpg", jpeg((900, 900), quality=95)[:2000], "image/jpeg")]},
        "photos",
    ),
    "a photo over 20 MB": (
        {"photos": [SimpleUploadedFile("大.jpg", b"\xff\xd8" + b"\0" * (PHOTO_BYTES + 10), "image/jpeg")]},
        "photos",
    ),
    "an empty file": ({"photos": [SimpleUploadedFile("a.jpg", b"")]}, "photos"),
    "a broken encoding": ({"text": "路灯\ufffd\ufffd不亮了，请修。"}, "text"),
    "a program": ({"website": "http://spam.example"}, "website"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_words_changes_nothing_and_stays_typed(phone: Client, case: str) -> None:
    typed, field = BAD[case]
    for files in typed.get("photos", []):
        files.seek(0)
    full = form(phone, **({"text": TEXT, "address": "望槐路12号"} | typed))
    before = every_table()
    page = phone.post("/say/", full)
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    shown = page.content.decode()
    assert "lx-errors" in shown
    kept = "望槐路12号" if field != "address" else TEXT
    assert kept in shown
    if field == "contact_name":
        assert "王" * 10_000 in shown
    assert every_table() == before


def test_hostile_markup_is_text(phone: Client) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} 请修路灯"
    phone.post("/say/", form(phone, text=hostile))
    code = phone.get("/receipt/").context["code"]
    page = phone.get(f"/follow/{code}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_control_and_direction_characters_are_taken_out(phone: Client) -> None:
    phone.post(
        "/say/", form(phone, text="路灯\x00\x07\u202e坏了\u2066，请修\ufeff一下。", address="\u202e12号\x1b[31m院")
    )
    [voice] = voices()
    assert voice.text == "路灯坏了，请修一下。"
    assert voice.address == "12号[31m院"


def test_bytes_that_are_no_utf8_do_not_break_the_page(phone: Client) -> None:
    body = b"text=" + "路灯不亮了，请修".encode("gbk") + b"&token=" + token_of(phone.get("/say/")).encode()
    page = phone.post("/say/", body, content_type="application/x-www-form-urlencoded; charset=utf-8")
    assert page.status_code == 422
    assert page.context["form"].errors["text"]
    assert not voices()


def test_far_too_much_gets_a_page_that_says_so(phone: Client) -> None:
    page = phone.post("/say/", {"text": "灯" * 1_500_000})
    assert page.status_code == 413
    assert "没有收下" in page.content.decode()
    page = phone.post("/say/", {"text": TEXT}, headers={"content-length": str(10**10)})
    assert page.status_code == 413
    assert not voices()


def test_a_page_that_is_too_old_shows_the_words_again(street: SimpleNamespace) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = token_of(strict.get("/say/"))
    page = strict.post("/say/", {"text": TEXT, "token": token, "csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 422
    assert TEXT in page.content.decode()
    assert "放得太久" in page.content.decode()
    assert not voices()
    fresh = page.context["csrf_token"]
    assert strict.post("/say/", {"text": TEXT, "token": token, "csrfmiddlewaretoken": str(fresh)}).status_code == 302


def test_too_fast_from_one_address_is_slowed_and_another_is_not(phone: Client, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.raise": ((2, 60), (50, 3600))}
    for n in range(2):
        assert phone.post("/say/", form(phone, text=f"第{n}件事，请来看看。")).status_code == 302
    page = phone.post("/say/", form(phone, text="第三件事，请来看看。"))
    assert page.status_code == 429
    assert "第三件事，请来看看。" in page.content.decode()
    assert len(voices()) == 2
    assert phone.post("/say/", form(phone, text="第三件事，请来看看。"), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_alike_shows_only_what_is_public(
    phone: Client, open_copy: Callable[..., Any], raised: Callable[..., Any]
) -> None:
    raised(text="3号院门口的路灯夜里不亮，这是秘密。", title="秘密")
    shown = phone.post("/say/similar/", {"text": "3号院门口的路灯夜里不亮了"}).content.decode()
    assert "lx-row-title" not in shown
    open_copy()
    shown = phone.post("/say/similar/", {"text": "3号院门口的路灯夜里不亮了"}).content.decode()
    assert "4盏路灯已换好" in shown
    assert "秘密" not in shown
    page = phone.post("/say/", form(phone, text="3号院门口的路灯夜里不亮了", look="1"))
    assert (page.status_code, "4盏路灯已换好" in page.content.decode()) == (200, True)
    assert len(voices()) == 2


def test_the_walk_begins_by_nobody(phone: Client) -> None:
    phone.post("/say/", form(phone))
    from lianxi.participation.voices.models import VoiceEvent

    event = VoiceEvent._base_manager.get()
    assert (event.verb, event.by_id, event.by_name) == ("raise", None, ANYBODY.name)
