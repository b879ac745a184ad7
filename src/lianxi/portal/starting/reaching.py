"""Reaching a database named by a URL, with psycopg and with PostgreSQL's own programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lianxi.portal.starting import binaries
from lianxi.portal.starting.words import Trouble

OLDEST = 15


def parts(url: str) -> dict[str, str]:
    """The URL as libpq's keywords: host, port, user, password, dbname, sslmode …. Raises Trouble if it is none."""
    import environ

    config: Callable[[str], dict[str, Any]] = environ.Env.db_url_config
    if not url.startswith(("postgres:", "postgresql:", "postgis:", "psql:", "pgsql:")):
        raise _unreadable()
    try:
        found = config(url)
    except (ValueError, KeyError) as error:
        raise _unreadable() from error
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    kept = {ours: str(found[theirs]) for ours, theirs in named.items() if found.get(theirs)}
    options = {name: str(value) for name, value in found.get("OPTIONS", {}).items() if name.startswith("ssl")}
    return kept | options


def _unreadable() -> Trouble:
    return Trouble(
        "DATABASE_URL不是PostgreSQL的地址，应写成postgres://用户:密码@主机:端口/数据库。",
        "DATABASE_URL is no address of a PostgreSQL; write postgres://user:password@host:port/database.",
    )


def connect(url: str, **more: Any) -> Any:
    """A psycopg connection. Raises Trouble in words if there is none to be had, or the server is too old."""
    import psycopg

    where: dict[str, Any] = parts(url)
    try:
        connection = psycopg.connect(**where, **{"connect_timeout": 10} | more)
    except psycopg.OperationalError as error:
        place = f"{where.get('host', '')}:{where.get('port', '5432')}/{where.get('dbname', '')}"
        raise Trouble(
            f"连不上数据库{place}。请检查DATABASE_URL，以及数据库是否已启动。",
            f"The database {place} cannot be reached. Check DATABASE_URL, and whether the server is up.",
            detail=str(error).strip(),
        ) from error
    if connection.info.server_version < OLDEST * 10000:
        major = connection.info.server_version // 10000
        connection.close()
        raise Trouble(
            f"数据库是PostgreSQL {major}，需要{OLDEST}或更新的版本。",
            f"The database is PostgreSQL {major}; {OLDEST} or later is needed.",
        )
    return connection


def surroundings(url: str) -> dict[str, str]:
    """The URL as environment variables for `pg_dump` and its kin, so that no password stands on a command line."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {names.get(name, "PG" + name.upper()): value for name, value in parts(url).items()}


def tools(url: str) -> Path:
    """The folder with the `pg_dump`, `pg_restore` and `psql` that fit the server: of its version, else a later one.

    The wheel's programs know no TLS, so for a server reached by TLS the machine's own are taken.
    """
    with connect(url) as connection:
        server = connection.info.server_version // 10000
    secret = parts(url).get("sslmode", "prefer") in ("require", "verify-ca", "verify-full")
    found: dict[int, Path] = {}
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if on_path := shutil.which("pg_dump"):
        places.append(Path(on_path).parent)
    for place in places:
        if all((place / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
            found[_major(place)] = place
    if not secret:
        found[int(binaries.MAJOR)] = binaries.programs()
    fitting = [major for major in found if major >= server]
    if not fitting:
        raise Trouble(
            f"没有适合PostgreSQL {server}的pg_dump。请安装postgresql-client-{server}。",
            f"No pg_dump here fits PostgreSQL {server}. Install postgresql-client-{server}.",
        )
    return found[min(fitting)]


def _major(place: Path) -> int:
    said = subprocess.run([str(place / "pg_dump"), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0
