"""Files given to the computations: each bad one is refused in one sentence that names where."""

import json
from pathlib import Path

import pytest

from lianxi.portal.command import main
from lianxi.portal.reckoning.reading import read_json, read_text
from lianxi.portal.starting.words import Trouble

BAD = {
    "float": (b'{"weights":[[1,2],[3,0.5]]}', "weights[1][1] is the float 0.5"),
    "exponent": (b'{"a":{"b":1e3}}', "a.b is the float 1e3"),
    "nan": (b'{"a":[1,NaN]}', "a[1] is NaN"),
    "infinity": (b'{"a":-Infinity}', "a is -Infinity"),
    "twice": (b'{"a":{"b":1,"c":2,"b":3}}', "a.b is given twice"),
    "syntax": (b'{"a":1,\n "b":}', "line 2, column 6"),
    "list": (b"[1]", "outermost value must be a JSON object"),
    "empty": (b" \n", "is empty"),
    "encoding": (b'{"a":\n"\xd6\xd0"}', "line 2, byte 2: not UTF-8"),
    "deep": (b'{"a":' + b"[" * 200_000, "nested too deeply"),
    "digits": (b'{"a":' + b"9" * 5000 + b"}", "too many digits"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_sentence(case: str, tmp_path: Path) -> None:
    content, said = BAD[case]
    file = tmp_path / f"{case}.json"
    file.write_bytes(content)
    with pytest.raises(Trouble) as refused:
        read_json(file)
    assert said in refused.value.en
    assert str(file) in refused.value.en
    assert str(file) in refused.value.zh
    assert "\n" not in refused.value.zh + refused.value.en


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_bytes(b'\xef\xbb\xbf{"a":[1,"1/2",{"b":9007199254740993}]}')
    found, text = read_json(file)
    assert found == {"a": [1, "1/2", {"b": 9007199254740993}]}
    assert len(text.sha256) == 64


def test_missing_folder_and_large_files(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no file"):
        read_text(tmp_path / "none")
    with pytest.raises(Trouble, match="folder"):
        read_text(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(Trouble, match="larger than 64 MB"):
        read_text(large)


def test_verify_refuses_what_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"format": "other/1"}))
    assert main(["verify", str(file)]) == 1
    assert "format must be one of" in capsys.readouterr().err
