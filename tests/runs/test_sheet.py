"""A run's results as a spreadsheet."""

from tests.views import rows
from updates.models import Host, RunEvent
from updates.runs import sheet


def test_each_container_is_a_row_under_the_head(host: Host) -> None:
    run = rows.run(host)
    rows.result(run, "web", seconds=1.5, reason="Newer.", log="line one\nline two")
    rows.result(run, "api", "fresh")
    by_name = [dict(zip(sheet.HEAD, line, strict=True)) for line in sheet.rows_of(run)]
    assert [one["name"] for one in by_name] == ["api", "web"]
    web = by_name[1]
    assert (web["host"], web["state"], web["reason"]) == ("nas", "updated", "Newer.")
    assert (web["seconds"], web["down_seconds"]) == ("1.500", "")
    assert (web["new_digest"], web["last_lines"]) == (rows.NEW_DIGEST, "line one\nline two")


def test_how_long_it_was_down_is_in_its_row(host: Host) -> None:
    run = rows.run(host)
    rows.result(run, "web")
    made = [rows.event(run, step, "web") for step in ("hold", "start", "gate")]
    for event, step in zip(made, ("hold", "start", "gate"), strict=True):
        RunEvent.objects.filter(pk=event.pk).update(step=step, at=made[0].at)
    (web,) = sheet.rows_of(run)
    assert web[sheet.HEAD.index("down_seconds")] == "0.000"
