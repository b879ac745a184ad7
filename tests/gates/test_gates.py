"""The gates run with the tests; and each fails on a planted breach."""

import ast
import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: str, where: Path = ROOT, path: str = "src") -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        command, cwd=where, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path, "NO_COLOR": "1", "COLUMNS": "200"}, check=False
    )  # fmt: skip


def test_imports_go_down_only() -> None:
    done = run(str(BIN / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout[-4000:]


BREACHES = (
    ("commons/units/models.py", "from lianxi.participation.voices import terms as planted\n", "Floors: imports go down only"),
    ("engines/worktime/reading.py", "import django\n", "Engines are pure"),
    ("engines/worktime/reading.py", "from lianxi.commons import refusals as planted\n", "Engines are pure"),
    ("commons/units/models.py", "from lianxi.commons.permissions import Actor as planted\n", "Inside commons: what is simpler lies lower"),
    ("participation/voices/terms.py", "from lianxi.participation.voices import models as planted\n", "Files of voices: left imports right"),
    ("participation/voices/api/__init__.py", "from lianxi.participation.voices.models import Voice as planted\n", "Faces write through services, read through queries"),
    ("participation/voices/queries/lists.py", "from lianxi.commons.sealing import SealedField as planted\n", "Only reveal and models touch the sealing"),
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("breach")
    shutil.copytree(ROOT / "src", where / "src", ignore=shutil.ignore_patterns("__pycache__", "built", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_planted_import_is_caught(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / "src" / "lianxi" / file
    plain = path.read_text(encoding="utf-8")
    path.write_text(plain + "\n" + line, encoding="utf-8")
    try:
        done = run(str(BIN / "lint-imports"), "--no-cache", where=copy)
    finally:
        path.write_text(plain, encoding="utf-8")
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_engines_import_without_django_on_the_path(tmp_path: Path) -> None:
    """In an isolated interpreter that has nothing but the engines."""
    (tmp_path / "lianxi").mkdir()
    shutil.copytree(
        ROOT / "src/lianxi/engines", tmp_path / "lianxi/engines", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "src/lianxi/__init__.py", tmp_path / "lianxi")
    names = sorted(p.name for p in (ROOT / "src/lianxi/engines").iterdir() if (p / "__init__.py").exists())
    assert names
    probe = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "class Refuse:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name.split('.')[0] in ('django', 'psycopg', 'procrastinate'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
    ) + "".join(f"import lianxi.engines.{name}\n" for name in names)
    probe += "assert not [m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')]"
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_ruff_is_content_and_the_format_is_one() -> None:
    assert (done := run(str(BIN / "ruff"), "check", ".")).returncode == 0, done.stdout[-3000:]
    assert (done := run(str(BIN / "ruff"), "format", "--check", ".")).returncode == 0, done.stdout[-3000:]


def test_ruff_catches_a_planted_breach(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import os\nexcept_me = eval('1')\n", encoding="utf-8")
    done = run(str(BIN / "ruff"), "check", "--config", str(ROOT / "pyproject.toml"), str(tmp_path / "planted.py"))
    assert done.returncode != 0
    assert "F401" in done.stdout


@pytest.mark.slow
def test_types_are_strict() -> None:
    done = run(str(BIN / "mypy"))
    assert done.returncode == 0, done.stdout[-4000:]


def test_models_and_migrations_agree(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def migrations() -> dict[Path, list[Path]]:
    return {folder: sorted(folder.glob("0*.py")) for folder in (ROOT / "src").rglob("migrations")}


def test_migrations_are_linear_and_named() -> None:
    for folder, files in migrations().items():
        numbers = [file.name[:4] for file in files]
        assert len(set(numbers)) == len(numbers), f"{folder}: two migrations with one number"
        for file in files:
            assert not re.match(r"\d{4}_(auto|alter)_\d", file.name), f"{file} has no name of its own"
            assert "merge" not in file.name, file


ALLOWED_IN_MIGRATIONS = re.compile(
    r"lianxi\.(commons\.(sealing|search|units\.paths|journal\.append_only|permissions\.net)|.*\.migrations)"
)
FIELDS_ONLY = re.compile(r"lianxi[\w.]*\.models\.(\w+)")


def test_migrations_carry_no_app_code() -> None:
    """Beside the steps and fields of the commons a migration may name a field of its own app, and nothing else."""
    for files in migrations().values():
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert all(name.endswith("Field") for name in FIELDS_ONLY.findall(text)), file
            for node in ast.walk(ast.parse(text)):
                names = (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [a.name for a in node.names]
                    if isinstance(node, ast.Import)
                    else []
                )
                for name in names:
                    assert (
                        not name.startswith("lianxi.") or ALLOWED_IN_MIGRATIONS.match(name) or name.endswith(".models")
                    ), f"{file}: {name}"


SOURCE = [path for path in (ROOT / "src/lianxi").rglob("*.py") if "migrations" not in path.parts]


def test_names_say_something() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "stuff"}
    assert not [path for path in SOURCE if path.stem in vague]


LONGER = {"src/lianxi/engines/apportionment/verifier.py": 500}
"""What must be one file by promise and cannot be cut: tables, largest remainders and seat plans in one verifier."""


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in SOURCE
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > LONGER.get(str(path.relative_to(ROOT)), 400)
    }
    assert not long


def test_base_managers_are_read_only_behind_the_door() -> None:
    """`_base_manager` is the unguarded one: faces and templates have no business with it."""
    for path in SOURCE:
        if path.stem in {"web", "api"} or path.parent.name in {"web", "api"}:
            assert "_base_manager" not in path.read_text(encoding="utf-8"), path


def test_every_url_of_the_source_is_our_own() -> None:
    """No page asks another host for anything."""
    for path in (ROOT / "src/lianxi").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href|action)=[\"']https?://", text), path


def test_the_drawings_of_the_walks_are_the_walks() -> None:
    from django.apps import apps
    from django.utils import translation

    from lianxi.commons.workflow.walk import Walk
    from lianxi.portal.drawing import pages

    drawn: set[int] = set()
    with translation.override("zh-hans"):
        for page in pages():
            text = (ROOT / "docs" / page.file).read_text(encoding="utf-8")
            assert text == page.text(), f"docs/{page.file} is not the walk: run `python -m lianxi.portal.drawing`"
            drawn |= {id(one.walk) for one in page.drawings}
            for one in page.drawings:
                named = {state for row in one.walk.rows for state in row.source}
                named |= {target for row in one.walk.rows for source in row.source for target in row.targets(source)}
                assert named | set(one.first) == set(one.states.values), page.file
    for config in apps.get_app_configs():
        if config.name.startswith("lianxi.") and importlib.util.find_spec(f"{config.name}.workflow"):
            module = importlib.import_module(f"{config.name}.workflow")
            for name, value in vars(module).items():
                assert not isinstance(value, Walk) or id(value) in drawn, f"{config.name}.workflow.{name} is not drawn"


def test_only_the_protection_opens_a_sealed_value() -> None:
    """`_text()` and `_plain` are the plain text of a sealed value: nobody but its own files touches them."""
    allowed = {"sealing.py", "services.py"}
    for path in SOURCE:
        if re.search(r"\._text\(|\._plain\b", path.read_text(encoding="utf-8")):
            assert path.name in allowed, path
            assert path.parent.name in {"commons", "protection"}, path


def test_foreign_keys_across_mechanisms_point_down_and_have_no_way_back() -> None:
    from django.apps import apps

    floor = {
        "portal": 5,
        "journeys": 4,
        "delegates": 3,
        "participation": 3,
        "cadres": 3,
        "organization": 2,
        "commons": 1,
    }

    def room(model: type) -> tuple[int, str]:
        part = model.__module__.split(".")
        return floor.get(part[1], 0), part[1]

    for model in apps.get_models():
        if not model.__module__.startswith("lianxi.") or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            if not (field.many_to_one or field.one_to_one) or field.auto_created or not field.related_model:
                continue
            target = field.related_model
            if not isinstance(target, type) or not target.__module__.startswith("lianxi."):
                continue
            (here, mine), (there, theirs) = room(model), room(target)
            assert there < here or mine == theirs, f"{model.__name__}.{field.name} points up to {target.__name__}"
            if mine != theirs and (mine, theirs) != ("organization", "commons"):
                # organization keeps the rules of the tree that commons holds bare: a unit leads to what hangs on it there.
                assert field.remote_field.related_name == "+", (
                    f"{model.__name__}.{field.name} leads back from {target.__name__}"
                )


def test_head_is_answered_wherever_get_is() -> None:
    """But for the one page that is shown once: whoever only asks for its head must not use it up."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("@require_GET")
        or ("require_http_methods([" in line and '"GET"' in line and '"HEAD"' not in line)
    ]
    assert found == ["src/lianxi/commons/people/web.py: @require_GET"]


def test_both_languages_are_complete() -> None:
    done = run(sys.executable, "-m", "lianxi.portal.translations", "check")
    assert done.returncode == 0, done.stdout[-3000:]
