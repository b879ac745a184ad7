"""A web process and a database are killed hard while residents speak: what was acknowledged is there once, and whole."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.resilience.conftest import House, Residents, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HALF_WRITTEN = {
    "a voice without its event 1": """
        SELECT v.id FROM voices_voice v LEFT JOIN voices_voiceevent e ON e.voice_id = v.id
        GROUP BY v.id HAVING count(e.id) <> 1 OR min(e.number) <> 1 OR min(e.verb) <> 'raise'""",
    "a voice that is not finished": """
        SELECT id FROM voices_voice WHERE version <> 1 OR state <> 'received' OR due_at IS NULL OR owner_path = ''""",
    "an event without its voice": """
        SELECT e.id FROM voices_voiceevent e LEFT JOIN voices_voice v ON v.id = e.voice_id WHERE v.id IS NULL""",
    "an event without its job, or with two": """
        SELECT e.id FROM voices_voiceevent e
        LEFT JOIN procrastinate_jobs j ON j.task_name = 'voices.tell' AND (j.args->>'event_id')::bigint = e.id
        GROUP BY e.id HAVING count(j.id) <> 1""",
    "a job without its event": """
        SELECT j.id FROM procrastinate_jobs j LEFT JOIN voices_voiceevent e ON e.id = (j.args->>'event_id')::bigint
        WHERE j.task_name = 'voices.tell' AND e.id IS NULL""",
    "a voice without its history": """
        SELECT v.id FROM voices_voice v WHERE NOT EXISTS (SELECT FROM voices_voicehistory h WHERE h.pgh_obj_id = v.id)""",
    "a history without its voice": """
        SELECT h.pgh_id FROM voices_voicehistory h WHERE NOT EXISTS (SELECT FROM voices_voice v WHERE v.id = h.pgh_obj_id)""",
    "a text that is there twice": "SELECT text FROM voices_voice GROUP BY text HAVING count(*) > 1",
}


@pytest.fixture(autouse=True)
def web(house: House) -> Iterator[None]:
    house.serve()
    yield
    house.kill_web()


def whole(house: House, residents: Residents) -> None:
    """Every acknowledged voice is there exactly once as it was answered, and nothing is half-written."""
    kept = {
        str(text): (int(str(pk)), f"〔{year}〕{int(str(number)):05d}号")
        for text, pk, year, number in house.ask("SELECT text, id, year, number FROM voices_voice")
    }
    missing = {text: said for text, said in residents.acknowledged.items() if kept.get(text) != said}
    assert missing == {}
    for what, sql in HALF_WRITTEN.items():
        assert house.ask(sql) == [], what
    mine = [text for text in kept if text.startswith(residents.name)]
    assert len(mine) <= len(residents.acknowledged) + len(residents.broken)


def test_web_killed_in_the_middle_of_requests(house: House) -> None:
    with Residents(house, "网站被杀时") as residents:
        for moment in (0.0, 0.03, 0.11):
            residents.more(15)
            time.sleep(moment)
            house.kill_web()
            broken = len(residents.broken)
            until(lambda broken=broken: len(residents.broken) > broken)
            house.serve()
        residents.more(15)
    whole(house, residents)
    assert len(residents.acknowledged) >= 60


def test_database_killed_under_load_comes_back_under_the_running_web(house: House) -> None:
    port, web = house.server.port, house.web
    with Residents(house, "数据库被杀时") as residents:
        for _ in range(2):
            residents.more(15)
            house.kill_database()
            broken = len(residents.broken)
            until(lambda broken=broken: len(residents.broken) > broken)
            house.server.start()
            assert house.server.port == port
        residents.more(30)
    assert web is not None
    assert web.poll() is None, "the web process outlives its database"
    whole(house, residents)
    assert len(residents.acknowledged) >= 60


def test_the_check_finds_what_is_half_written(house: House) -> None:
    """The queries above are no better than what they can find."""
    with Residents(house, "少了一件时") as residents:
        residents.more(3)
    whole(house, residents)
    text, (pk, _reference) = next(iter(residents.acknowledged.items()))
    event = house.ask(f"SELECT id FROM voices_voiceevent WHERE voice_id = {pk}")[0][0]
    kept = house.ask(f"DELETE FROM procrastinate_jobs WHERE (args->>'event_id')::bigint = {event} RETURNING args")
    assert len(kept) == 1
    with pytest.raises(AssertionError, match="without its job"):
        whole(house, residents)
    house.ask(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
        f" VALUES ('default', 'voices.tell', '{{\"event_id\": {event}}}')"
    )
    whole(house, residents)
    residents.acknowledged[text] = pk + 1, "another"
    with pytest.raises(AssertionError, match="another"):
        whole(house, residents)
