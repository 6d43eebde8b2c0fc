"""However many send a request with one key at the same moment, one run is started; on both
databases."""

import json
from pathlib import Path

import pytest

from tests.commands.installation import Installation
from tests.runs.ask_with_key import THREADS
from tests.runs.crowds import all_at_once

PROCESSES = 3
COUNT = """
import json
from django_q.models import OrmQ
from updates.models import UpdateRun
print(json.dumps([UpdateRun.objects.count(), OrmQ.objects.count()]))
"""
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_many_at_once_start_one_run(installation: Installation, tmp_path: Path) -> None:
    installation.begin()
    person = {"DJANGO_SUPERUSER_PASSWORD": "a-password"}
    names = ("--noinput", "--username=root", "--email=root@example.com")
    assert installation.run("createsuperuser", *names, env=person).returncode == 0
    installation.run("addhost", "nas", "unix:///nonexistent.sock")
    made = installation.document("apitoken", "add", "x", "--user", "root", "--scope", "update")

    start = tmp_path / "start"
    module = "tests.runs.ask_with_key"
    said = all_at_once(installation, module, start, made["secret"], processes=PROCESSES)

    answers = [one for words in said for one in words.split()]
    assert len(answers) == PROCESSES * THREADS
    assert set(answers) == {answers[0]}
    assert answers[0].startswith("202:")
    assert json.loads(installation.manage("shell", "-v0", "-c", COUNT)) == [1, 1]
