"""Commands called in this very process."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command


def refused(*arguments: str, **options: Any) -> str:
    """The one line of a command that was used wrongly."""
    with pytest.raises(CommandError) as caught:
        call_command(*arguments, **options)
    line = str(caught.value)
    assert caught.value.returncode == 2
    assert "\n" not in line
    return line
