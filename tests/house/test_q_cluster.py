"""The cluster knows all that came from it."""

import os
import subprocess
import sys

from tests.commands.installation import wait_until
from watchweb.q_cluster import descendants

CODE = "import subprocess; subprocess.run(['sleep', '60'])"


def test_a_process_comes_before_what_it_started() -> None:
    with subprocess.Popen([sys.executable, "-c", CODE]) as child:
        wait_until(lambda: len(descendants(child.pid)) == 1, 5, "the grandchild runs")
        [grandchild] = descendants(child.pid)
        found = descendants(os.getpid())
        assert found.index(child.pid) < found.index(grandchild)
        os.kill(grandchild, 15)
    assert not descendants(child.pid)
