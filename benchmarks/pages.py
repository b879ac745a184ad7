"""How fast the pages are: `python -m benchmarks.pages [--voices 100000] [--members 20000] [--seconds 60]`.

Fills the (empty) database of DATABASE_URL with a street, starts the web server on a free port of this machine, and lets
8 people each ask for a page a second; then raises the rate until a bar breaks. Bars: every list and record page under
100 ms, intake under 300 ms, at the 95th percentile; overviews are shown without one. Prints a table. Requests go to 127.0.0.1 only, and stop by themselves.
"""

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

BARS = {"intake": 300.0}
BAR = 100.0
OVERVIEWS = {"today", "figures", "public figures"}
"""Neither a list nor a record: shown in the table, without a bar."""
PEOPLE = ("linlan", "luyanqiu", "shenjibai", "zhouyiyuan", "xuzhixing", "luoqinghe", "wenruxu", "zhuangwenxi")


@dataclass
class Times:
    """Milliseconds by kind of page; what failed is counted apart."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, milliseconds: float, ok: bool) -> None:
        with self.lock:
            self.taken[kind].append(milliseconds)
            self.failed[kind] += not ok

    def holds(self) -> bool:
        return not any(self.failed.values()) and all(
            percentile(all_, 95) <= BARS.get(kind, BAR) for kind, all_ in self.taken.items() if kind not in OVERVIEWS
        )

    def table(self) -> str:
        lines = [f"{'page':<16}{'asked':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'bar':>6}{'failed':>8}"]
        for kind in sorted(self.taken):
            all_ = self.taken[kind]
            lines.append(
                f"{kind:<16}{len(all_):>7}{percentile(all_, 50):>9.0f}{percentile(all_, 95):>9.0f}{max(all_):>9.0f}"
                f"{'–' if kind in OVERVIEWS else format(BARS.get(kind, BAR), '.0f'):>6}{self.failed[kind]:>8}"
            )
        return "\n".join(lines)


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def fill(voices: int, members: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    began = time.perf_counter()
    call_command("demo_street", past=voices, members=members)
    print(f"filled: {voices} voices, {members} members, {time.perf_counter() - began:.0f} s")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def cookies() -> dict[str, str]:
    """A logged-in session for each of the people."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from lianxi.commons.accounts.models import Account

    found = {}
    for name in PEOPLE:
        account = Account.objects.get(username=name)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = (
            str(account.pk),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        found[name] = str(session.session_key)
    return found


def seen_by_each() -> dict[str, dict[str, list[int]]]:
    """Keys of voices, members and units that each of the people may open."""
    import datetime as dt

    from lianxi.commons.accounts.models import Account
    from lianxi.commons.permissions.actor import actor_of
    from lianxi.commons.units.models import Unit
    from lianxi.organization.members import policies as members
    from lianxi.participation.voices.policies import VIEW

    def keys(rows: Any, order: str) -> list[int]:
        return list(rows.order_by(order).values_list("pk", flat=True)[:300])

    found = {}
    units = keys(Unit.objects.filter(until=None), "path")
    for name in PEOPLE:
        actor = actor_of(Account.objects.get(username=name).person_id, on=dt.date.today())
        found[name] = {
            "voice": keys(VIEW.all(actor), "-received_at"),
            "member": keys(members.VIEW.all(actor), "branch_path"),
            "unit": units,
        }
    return found


PAGES: tuple[tuple[str, str, int], ...] = (
    # kind of page, address, how often it is asked for
    ("list", "/voices/", 18),
    ("list all", "/voices/?view=all&order=new", 8),
    ("search", "/voices/?view=all&q={word}", 8),
    ("record", "/voices/{voice}/", 25),
    ("today", "/today/", 8),
    ("figures", "/voices/figures/", 3),
    ("public figures", "/public/figures/", 2),
    ("units", "/units/", 5),
    ("unit", "/units/{unit}/", 5),
    ("terms", "/units/terms/", 2),
    ("members", "/members/", 5),
    ("members aged", "/members/?order=-born&sex=2&age=70-", 2),
    ("members name", "/members/?q={family}", 3),
    ("member", "/members/{member}/", 6),
    ("transfers", "/members/transfers/", 1),
    ("duplicates", "/members/duplicates/", 1),
    ("people", "/people/", 2),
    ("notices", "/notices/", 3),
    ("imports", "/papers/", 1),
    ("front", "/", 6),
    ("public", "/public/", 4),
    ("rules", "/rules/", 5),
    ("intake", "", 10),
)


class Visitor:
    """One person with one connection, asking for a page a second."""

    def __init__(self, name: str, session: str, records: dict[str, list[int]], port: int, seed: int) -> None:
        self.session, self.records, self.port, self.lot = session, records, port, random.Random(seed)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, float]:
        began = time.perf_counter()
        for _again in range(2):
            try:
                self.connection.request(
                    method,
                    path,
                    body.encode() if body else None,
                    {"Cookie": f"sessionid={self.session}"} | (headers or {}),
                )
                answer = self.connection.getresponse()
                return answer.status, answer.read(), (time.perf_counter() - began) * 1000
            except (http.client.HTTPException, OSError):
                self.connection.close()
        return 0, b"", (time.perf_counter() - began) * 1000

    def page(self) -> tuple[str, str]:
        """What is asked for next. Records that the person may open; a member's page of somebody else's is a quick refusal."""
        kind, path, _often = self.lot.choices(PAGES, [often for _kind, _path, often in PAGES])[0]
        words = {name: self.lot.choice(keys or [1]) for name, keys in self.records.items()} | {
            "word": urllib.parse.quote(self.lot.choice(["路灯", "水", "电梯", "押金"])),
            "family": urllib.parse.quote(self.lot.choice("王李周吴")),
        }
        return kind, path.format(**words)

    def once(self, times: Times) -> None:
        kind, path = self.page()
        if kind == "intake":
            body = f'{{"text": "{self.lot.randrange(1, 99)}号楼道的灯不亮了，已经三天。"}}'
            status, _body, taken = self.ask(
                "POST", "/api/v1/residents/voices", body, {"Content-Type": "application/json"}
            )
            times.add(kind, taken, status == 201)
            return
        status, _body, taken = self.ask("GET", path)
        # Somebody without the right to a page gets a quick refusal: counted under its own name, not as a fast page.
        times.add(kind if status == 200 else f"{kind} {status}", taken, status in (200, 403, 404))


def run(visitors: list[Visitor], rate: float, seconds: float) -> Times:
    """Each visitor asks `rate / len(visitors)` times a second, at moments drawn by lot."""
    times, end = Times(), time.perf_counter() + seconds

    def work(visitor: Visitor) -> None:
        pause = len(visitors) / rate
        due = time.perf_counter() + visitor.lot.random() * pause
        while due < end:
            time.sleep(max(0.0, due - time.perf_counter()))
            visitor.once(times)
            due += pause * (0.5 + visitor.lot.random())

    threads = [threading.Thread(target=work, args=(one,)) for one in visitors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voices", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--filled", action="store_true", help="the database is filled already")
    parser.add_argument("--rates", action=argparse.BooleanOptionalAction, default=True, help="then raise the rate")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
    os.environ.setdefault("LIANXI_TEST_KEYS", "1")
    import django

    django.setup()
    if not chosen.filled:
        fill(chosen.voices, chosen.members)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sessions, records = cookies(), seen_by_each()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(chosen.workers),
        "--blocking-threads",
        "4",
        "lianxi.portal.wsgi:application",
    ]
    server = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"LIANXI_RAISED_A_MINUTE": "100000"},
    )
    try:
        visitors = [Visitor(name, sessions[name], records[name], port, seed) for seed, name in enumerate(PEOPLE)]
        for _ in range(60):
            if visitors[0].ask("GET", "/")[0] == 200:
                break
            time.sleep(0.5)
        run(visitors, 8, 8)
        times = run(visitors, 8, chosen.seconds)
        print(
            f"\n8 people, a page a second each, {chosen.seconds:.0f} s, {chosen.workers} web processes\n{times.table()}\nholds: {times.holds()}"
        )
        rate = 8.0
        while chosen.rates and times.holds() and rate < 128:
            rate *= 1.4
            times = run(visitors, rate, max(10.0, chosen.seconds / 3))
            worst = max((percentile(v, 95), k) for k, v in times.taken.items() if k not in OVERVIEWS and k not in BARS)
            print(
                f"at {rate:5.1f} pages a second: {'holds' if times.holds() else 'breaks'}, worst p95 {worst[0]:.0f} ms ({worst[1]})"
            )
        if chosen.rates:
            print(f"highest rate that held: {rate / 1.4 if not times.holds() else rate:.0f} pages a second")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
