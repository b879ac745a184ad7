"""Bad files get one sentence that names the file, the key, the row and the column; good ones a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lianxi.portal.command import main

GOOD: dict[str, Any] = {
    "rows": ["甲", "乙"],
    "cols": ["工人", "教师"],
    "votes": [[3, 1], [1, 2]],
    "row_seats": [2, 2],
    "col_seats": [2, 2],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"votes": None}, "votes"), ({"row_seats": None}, "row_seats"), ({"votes": [[3, 1], [1, -2]]}, "votes[1][1] (乙 × 教师)"),
        ({"votes": [[3, 1], [1, 0.5]]}, "votes[1][1]"), ({"votes": [[3, float("nan")], [1, 2]]}, "votes[0][1]"), ({"votes": [[3, 1], [1]]}, "votes[1]"),
        ({"rows": ["甲", "甲"]}, "rows[1]"), ({"row_seats": [10**9, 2]}, "row_seats[0]"), ({"col_seats": [2, 3]}, "5"), ({"votes": [[0, 0], [1, 2]]}, "甲"),
        ({"votes": "x"}, "votes"), ({"rule": "x"}, "x"), ({"rounding": "2"}, "rounding"), ({"order": 3}, "order"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], said: str) -> None:  # fmt: skip
    path = tmp_path / "demand.json"
    path.write_text(json.dumps({key: one for key, one in (GOOD | change).items() if one is not None}), encoding="utf-8")
    assert main(["apportion", str(path)]) == 1
    printed = capsys.readouterr()
    assert str(path) in printed.err
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert not printed.out


def test_a_good_file_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demand.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    assert main(["apportion", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seats"] == [[1, 1], [1, 1]]
