"""The votes of the demo street can be led on: its trustees' key files lie in its folder, and are those with which the keys were made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lianxi.commons.ballotbox.models import Trustee, TrusteeFile
from lianxi.portal.demo import PASSWORD
from lianxi.portal.trustee.keeping import unseal

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_every_key_file_is_that_of_its_trustee(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path
    call_command("demo_street", past=12, open=4)
    found = 0
    waiting = Trustee._base_manager.filter(poll__state__in=("preparing", "poll_open", "poll_closed"))
    for one in waiting.select_related("poll", "person__account"):
        handed = TrusteeFile._base_manager.filter(trustee=one, step="certificate").first()
        folder = tmp_path / "demo-trustees" / one.poll.title / one.person.account.username
        assert folder.exists() == (handed is not None)
        if handed is None:
            continue
        keys = unseal(folder, PASSWORD).keys
        said = json.loads(json.loads(handed.text)["message"])
        assert said["verification"] == str(keys.certificate.verification)
        found += 1
    assert found == 8  # three votes of three trustees; one has not come yet
    capsys.readouterr()
    call_command("demo_street", people=True)
    assert str(tmp_path / "demo-trustees") in capsys.readouterr().out
