"""The doctor's checks that need Django: run as a child (`python -m lianxi.portal.starting.inspect`), one JSON line each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

Finding = tuple[str, str, str]
"""Level (`ok`, `note` or `bad`), sentence in Chinese, in English."""


def migrations() -> Iterator[Finding]:
    """Whether the tables are those of this program."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        count = len(pending)
        yield (
            "bad",
            f"数据库结构落后{count}步。请运行lianxi serve，或lianxi manage migrate。",
            f"The database is {count} migrations behind. Run lianxi serve, or lianxi manage migrate.",
        )
    else:
        yield "ok", "数据库结构是最新的", "The database is up to date"


def keys() -> Iterator[Finding]:
    """Whether the keys at hand open what is sealed: one row of every key number in every sealed column is tried."""
    from django.apps import apps
    from django.db import connection

    tried, lost = 0, []
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if type(field).__name__ != "SealedField" or model._meta.db_table not in tables:
                continue
            for pk in _samples(model, str(field.column)):
                tried += 1
                record = model._base_manager.get(pk=pk)
                if not getattr(record, field.attname).readable() or not _blind_fits(record, field.name):
                    lost.append(f"{model._meta.db_table}.{field.column}")
    if lost:
        names = sorted(set(lost))
        yield (
            "bad",
            f"现有密钥打不开这些加密内容：{'、'.join(names)}。请恢复原来的secrets.env。",
            f"The keys at hand do not open {', '.join(names)}. Restore the original secrets.env.",
        )
    else:
        yield "ok", f"密钥能打开加密内容（试了{tried}处）", f"The keys open what is sealed ({tried} tried)"


def _samples(model: Any, column: str) -> list[Any]:
    """One primary key for each key number used in the column."""
    from django.db import connection

    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max({quote(model._meta.pk.column)}) FROM {quote(model._meta.db_table)} "
            f"WHERE length({quote(column)}) > 12 GROUP BY get_byte({quote(column)}, 0)"
        )
        return [row[0] for row in cursor.fetchall()]


def _blind_fits(record: Any, name: str) -> bool:
    """Whether the blind index stored beside a sealed field is the one that the key at hand gives."""
    for field in record._meta.local_concrete_fields:
        if type(field).__name__ == "BlindField" and field.of == name:
            stored = getattr(record, field.attname)
            return stored is None or bytes(stored) == field.pre_save(record, True)
    return True


def jobs() -> Iterator[Finding]:
    """Whether a worker is alive, and whether jobs wait or failed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - interval '60 s') FROM procrastinate_workers"
        )
        workers = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),"
            " count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs"
        )
        waiting, failed = cursor.fetchone()
    if workers:
        yield "ok", f"后台任务在运行（{workers}个）", f"The worker is alive ({workers})"
    elif waiting:
        yield (
            "bad",
            f"后台任务没有运行，{waiting}件在等。请运行lianxi serve或lianxi worker。",
            f"No worker is alive and {waiting} jobs wait. Run lianxi serve or lianxi worker.",
        )
    else:
        yield "note", "后台任务没有运行", "No worker is alive"
    if failed:
        yield "note", f"有{failed}件后台任务失败", f"{failed} jobs have failed"


def mail() -> Iterator[Finding]:
    """Whether mail leaves the house."""
    from django.conf import settings
    from django.core.mail import get_connection

    if "smtp" not in settings.EMAIL_BACKEND:
        yield (
            "note",
            "没有设置邮件服务器（EMAIL_URL），邮件只写入日志",
            "No mail server is set (EMAIL_URL): mail goes to the log",
        )
        return
    try:
        connection = get_connection(timeout=10)
        connection.open()
        connection.close()
    except OSError as error:
        yield (
            "bad",
            f"邮件服务器{settings.EMAIL_HOST}连不上：{error}",
            f"The mail server {settings.EMAIL_HOST} fails: {error}",
        )
        return
    yield "ok", f"邮件服务器{settings.EMAIL_HOST}能用", f"The mail server {settings.EMAIL_HOST} answers"


def settings_() -> Iterator[Finding]:
    """Settings that are dangerous where people really work."""
    from django.conf import settings

    if settings.DEBUG:
        yield "bad", "LIANXI_DEBUG开着：正式使用必须关闭", "LIANXI_DEBUG is on: it must be off where people work"
    if not settings.SESSION_COOKIE_SECURE:
        yield "note", "LIANXI_HTTPS没有打开：对外提供服务时要用HTTPS", "LIANXI_HTTPS is off: serve others by HTTPS only"


def main() -> None:
    """Print every finding; a check that breaks is a finding itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
    import django

    django.setup()
    for check in (migrations, keys, jobs, mail, settings_):
        try:
            for finding in check():
                print(json.dumps(finding), flush=True)
        except Exception as error:
            print(
                json.dumps(("bad", f"检查{check.__name__}失败：{error}", f"Check {check.__name__} failed: {error}")),
                flush=True,
            )


if __name__ == "__main__":
    main()
