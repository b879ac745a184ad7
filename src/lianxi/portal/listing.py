"""`python -m lianxi.portal.listing`: write docs/permissions.md, docs/states.md and docs/jobs.md from what is declared."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
DRAWN = "Written from the source by `python -m lianxi.portal.listing`; a test holds both together. 本页由源代码生成，有测试保证一致。"


def main() -> None:
    import django

    django.setup()
    for name, text in LISTS.items():
        Path("docs", name).write_text(text(), encoding="utf-8")


def permissions_text() -> str:
    """Every permission with its clauses, by the kind of record; before them, what an actor never meets."""
    from django.urls import get_resolver

    from lianxi.commons.permissions import permissions
    from lianxi.commons.permissions.net import bars

    assert get_resolver().url_patterns  # every room declares what it permits once its pages are known
    never = [
        f"| {_model(label)} | {_says(bar)} | `{bar.__name__}` |" for label, found in bars().items() for bar in found
    ]
    rows = [
        f"| `{one.name}` | {_both(one.label)} | {_both(one.model._meta.verbose_name)} | "
        f"{'<br>'.join(_both(part.says) for part in one.clauses)} |"
        for one in sorted(permissions(), key=lambda one: one.name)
    ]
    return _page(
        "Permissions 权限",
        "One declaration in an app's `policies.py` answers both “may I?” and “which ones?”. A person may if one of the clauses "
        "holds. Roles are held at a unit, for a term, and reach everything below it. How it works: [tour](tour.md).",
        "## Never 永远看不到\n\nThese stand before every permission: such records are not there for that person, on any page, in "
        "any list, count, search, export, notice or answer of the API.",
        _table(("of 什么", "you never meet it where 您是", "clause 条款"), never),
        "## Permissions 权限",
        _table(("name 名称", "may 可以", "on 对", "because 因为"), rows),
    )


def states_text() -> str:
    """Every state of every kind of record."""
    from django.apps import apps

    from lianxi.portal.look import STATES

    parts = []
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if not model.__module__.startswith("lianxi.") or getattr(model, "pgh_tracked_model", None):
            continue
        field = next((one for one in model._meta.fields if one.name == "state" and one.choices), None)
        if field is None:
            continue
        rows = [
            f"| `{code}` | {_both(word)} | {STATES[str(code)].icon if str(code) in STATES else 'circle'} |"
            for code, word in field.flatchoices
        ]
        parts += [f"## {_both(model._meta.verbose_name)}", f"`{model.__module__}.{model.__name__}`", _table(("state 状态", "word 叫法", "icon 图标"), rows)]  # fmt: skip
    return _page(
        "States 状态",
        "How they go from one to the next: [voices](voices_walk.md), [projects](budgets_walk.md), [groups](groups_walk.md), [secret votes](ballotbox_walk.md), [seat plans](quotas_walk.md), [terms and transfers](organization_walk.md). A new state needs a word in `terms.py` and "
        "a line in `portal/look.py` ([look.md](look.md)).",
        *parts,
    )


def jobs_text() -> str:
    """Every job of the worker: when it runs, in which queue, what for."""
    from procrastinate.contrib.django import app

    at = {task.name: task.cron for task in app.periodic_registry.periodic_tasks.values() for task in [_Periodic(task)]}  # type: ignore[assignment, attr-defined]
    rows = [
        f"| `{name}` | {f'`{at[name]}`' if name in at else 'when enqueued 有事才做'} | `{task.queue}` | "
        f"{'again 重试' if task.retry_strategy else '—'} | {_first_line(task.func)} |"
        for name, task in sorted(app.tasks.items())
        if task.func.__module__.startswith("lianxi.")
    ]
    return _page(
        "Jobs 后台任务",
        "Run by `lianxi worker` (procrastinate, in the same PostgreSQL). An act enqueues in its own transaction: the job exists only "
        "if the act does. A killed worker's job is done again by `jobs.rescue`, so every job bears being run twice. Processes that a job starts for the ballots of an archive end by themselves when it is killed ([`cores.py`](../src/lianxi/engines/ballots/cores.py)). How notices "
        "go out: [notices.md](notices.md).",
        _table(("job 任务", "when 何时", "queue 队列", "failed 失败时", "what for 做什么"), rows),
    )


class _Periodic:
    """Name and cron line of a periodic task."""

    def __init__(self, found: Any) -> None:
        self.name, self.cron = found.task.name, found.cron


def _both(text: Any) -> str:
    """The words in both languages; one of them where they are the same."""
    from django.utils.translation import override

    with override("zh-hans"):
        chinese = str(text)
    with override("en"):
        english = str(text)
    return chinese if chinese == english else f"{chinese} · {english}"


def _model(label: str) -> str:
    from django.apps import apps

    return _both(apps.get_model(label)._meta.verbose_name)


def _says(bar: Callable[..., Any]) -> str:
    return " ".join((bar.__doc__ or "").split())


def _first_line(func: Callable[..., Any]) -> str:
    return " ".join((func.__doc__ or "").strip().split("\n\n")[0].split())


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    names = list(heads)
    return "\n".join([f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}", *rows])


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", DRAWN, *parts]) + "\n"


LISTS: dict[str, Callable[[], str]] = {
    "permissions.md": permissions_text,
    "states.md": states_text,
    "jobs.md": jobs_text,
}

if __name__ == "__main__":
    main()
