"""Everything that stands in a container's way, with what lifts it and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.flow.rules import rules
from tests.flow.summaries import container
from updates.flow.blockers import (
    BlockerKind,
    HostFacts,
    RegistryFacts,
    Situation,
    Stops,
    Timed,
    blockers,
)
from updates.flow.check import OTHER_IMAGE
from updates.flow.half_way import temporary_name
from updates.flow.holds import Hold
from updates.flow.policy import Policies
from updates.flow.session import CheckStatus

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
NIGHTLY = Timed("nightly", is_update=True, next_at=SOON)
NAS = HostFacts("nas")
REGISTRY = RegistryFacts("registry.example.com")
STALE = Situation(
    container("web", image="registry.example.com/web:1"),
    NAS,
    rules(),
    NOW,
    status=CheckStatus.UPDATE_AVAILABLE,
    reason=OTHER_IMAGE,
    remote_digest=NEW,
    registry=REGISTRY,
    schedules=(NIGHTLY,),
)


def unknown(error_kind: str, reason: str = "It failed.") -> dict[str, Any]:
    registry = replace(REGISTRY, error_kind=error_kind)
    return {"status": CheckStatus.UNKNOWN, "reason": reason, "registry": registry}


def labelled(**labels: str) -> dict[str, Any]:
    named = {f"watchweb.{name.replace('_', '-')}": value for name, value in labels.items()}
    return {"container": replace(STALE.container, labels=named), "rules": rules()}


def in_state(state: str) -> dict[str, Any]:
    return {"container": replace(STALE.container, state=state)}


def policies(**levels: dict[str, Any]) -> dict[str, Any]:
    return {"rules": rules(policies=Policies(**levels))}


K, CHECK, UPDATE = BlockerKind, Stops.CHECK, Stops.UPDATE
# (what is other than in STALE, the kind, what it stops, a piece of its sentence, of what lifts it)
TABLE: list[tuple[dict[str, Any], BlockerKind, Stops, str, str]] = [
    ({"host": replace(NAS, is_enabled=False)}, K.HOST_OFF, CHECK, "nas is not en", "Enable nas"),
    ({"host": replace(NAS, error="No route.")}, K.HOST_AWAY, CHECK, "No route.", "reaches it"),
    ({"host": replace(NAS, busy_with="Update #7")}, K.BUSY, UPDATE, "Update #7", "The end of"),
    (labelled(enable="false"), K.EXCLUDED, CHECK, "label is false", "without the label"),
    (
        policies(containers={"web": {"enable": False}}),
        K.EXCLUDED,
        CHECK,
        "settings leave it out",
        "its own settings",
    ),
    (
        policies(host={"label_enable": True}),
        K.EXCLUDED,
        CHECK,
        "it has none",
        "Only labelled ones take part by the settings of nas",
    ),
    (
        policies(everywhere={"disable_containers": ["web"]}),
        K.EXCLUDED,
        CHECK,
        "disabled containers",
        "Change which",
    ),
    (
        policies(everywhere={"scope": "prod"}),
        K.SCOPE,
        CHECK,
        "scope 'prod'",
        "the scope in the settings for everything",
    ),
    ({"own_ids": {STALE.container.id}}, K.OWN, UPDATE, "Watchweb itself", "page of its host"),
    ({"status": CheckStatus.PINNED}, K.PINNED, CHECK, "pinned to a digest", "from a tag"),
    ({"status": CheckStatus.LOCAL, "reason": "Made here."}, K.LOCAL, CHECK, "Made here.", "Build"),
    (
        policies(environment={"no_pull": True}),
        K.NO_PULL,
        CHECK,
        "the environment (WATCHWEB_NO_PULL)",
        "“no pull” to no",
    ),
    ({"is_checked": False}, K.NOT_CHECKED, CHECK, "not been checked", "Check it now"),
    (unknown("CredentialsRefused"), K.CREDENTIALS, CHECK, "It failed.", "Save a user name"),
    (unknown("AuthError"), K.CREDENTIALS, CHECK, "It failed.", "registry.example.com"),
    (unknown("TLSFailure"), K.TRUST, CHECK, "It failed.", "certificates"),
    (unknown("NotFound"), K.MISSING, CHECK, "It failed.", "Correct the tag"),
    (unknown("Unreachable"), K.CHECK_FAILED, CHECK, "It failed.", "answers"),
    (unknown("", reason=""), K.CHECK_FAILED, CHECK, "no answer", "answers"),
    (
        unknown("", "web:1 is not available for linux/arm64: nothing is pulled."),
        K.PLATFORM,
        UPDATE,
        "linux/arm64",
        "this platform",
    ),
    (
        labelled(monitor_only="true"),
        K.MONITOR_ONLY,
        UPDATE,
        "its label …monitor-only",
        "without the label",
    ),
    (
        policies(host={"monitor_only": True}),
        K.MONITOR_ONLY,
        UPDATE,
        "the settings of nas",
        "to no in the settings of nas",
    ),
    (in_state("exited"), K.STATE, UPDATE, "The container is not running", "Start it"),
    (in_state("paused"), K.STATE, UPDATE, "The container is paused", "Unpause"),
    (in_state("restarting"), K.STATE, UPDATE, "keeps restarting", "Repair it"),
    ({"holds": [Hold("", "By anna.")]}, K.HELD, UPDATE, "It is held. By anna.", "Release it"),
    ({"holds": [Hold(NEW, "It fell.")]}, K.BLOCKED, UPDATE, "It fell.", "approve this one"),
    ({"reason": "It would end another."}, K.OTHER, UPDATE, "It would end another.", "anew"),
    ({"schedules": ()}, K.NO_SCHEDULE, UPDATE, "No schedule updates it", "plan an update"),
    (
        {"schedules": (replace(NIGHTLY, is_update=False),)},
        K.NO_SCHEDULE,
        UPDATE,
        "No schedule updates it",
        "Update it now",
    ),
    ({"are_paused": True}, K.PAUSED, UPDATE, "All schedules are paused", "Resume"),
]


@pytest.mark.parametrize(("other", "kind", "stops", "sentence", "lifted"), TABLE)
def test_each_blocker_says_what_it_is_and_what_lifts_it(
    other: dict[str, Any], kind: BlockerKind, stops: Stops, sentence: str, lifted: str
) -> None:
    (found,) = blockers(replace(STALE, **other))
    assert (found.kind, found.stops) == (kind, stops)
    assert sentence in found.sentence
    assert lifted in found.lifted_by


def test_every_kind_is_in_the_table_or_has_a_moment_at_which_it_ends() -> None:
    timed = {K.RATE_LIMIT, K.COOLDOWN, K.WINDOW}
    assert {row[1] for row in TABLE} | timed == set(BlockerKind)


def test_nothing_is_in_the_way_of_one_that_a_schedule_will_update() -> None:
    assert blockers(STALE) == ()
    assert blockers(replace(STALE, status=CheckStatus.UP_TO_DATE, reason="")) == ()


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"held_until": SOON, **policies(host={"cooldown_delay": 60})}, K.COOLDOWN),
        ({"registry": replace(REGISTRY, paused_until=SOON)}, K.RATE_LIMIT),
        ({"schedules": (replace(NIGHTLY, opens_at=SOON),)}, K.WINDOW),
        ({"is_checked": False}, K.NOT_CHECKED),
    ],
)
def test_what_is_over_by_itself_names_the_moment(other: dict[str, Any], kind: BlockerKind) -> None:
    (found,) = blockers(replace(STALE, **other))
    assert (found.kind, found.until) == (kind, SOON)


@pytest.mark.parametrize(
    "other",
    [
        {"held_until": NOW},
        {"registry": replace(REGISTRY, paused_until=NOW)},
        {"holds": [Hold(OLD, "An image before.")]},
        {"schedules": (replace(NIGHTLY, opens_at=LATER), NIGHTLY)},
    ],
)
def test_what_is_over_or_about_another_image_is_no_blocker(other: dict[str, Any]) -> None:
    assert blockers(replace(STALE, **other)) == ()


def test_of_several_closed_windows_the_first_to_open_counts() -> None:
    closed = (replace(NIGHTLY, opens_at=LATER), replace(NIGHTLY, name="noon", opens_at=SOON))
    (found,) = blockers(replace(STALE, schedules=closed))
    assert found.until == SOON
    assert "noon" in found.sentence


def test_all_that_is_in_the_way_is_told_together() -> None:
    at = replace(
        STALE,
        host=replace(NAS, error="Away."),
        rules=rules(policies=Policies(everywhere={"monitor_only": True})),
        holds=[Hold("", "By anna."), Hold(NEW, "It fell.")],
        schedules=(),
    )
    kinds = [one.kind for one in blockers(at)]
    assert kinds == [K.HOST_AWAY, K.MONITOR_ONLY, K.HELD, K.BLOCKED, K.NO_SCHEDULE]


def test_what_is_left_out_for_good_is_not_looked_at_any_further() -> None:
    at = replace(STALE, holds=[Hold("", "By anna.")], **labelled(enable="false"))
    assert [one.kind for one in blockers(at)] == [K.EXCLUDED]


def test_one_that_is_up_to_date_is_told_what_will_keep_the_next_update_away() -> None:
    at = replace(
        STALE,
        status=CheckStatus.UP_TO_DATE,
        reason="",
        holds=[Hold("", "By anna."), Hold(NEW, "It fell.")],
        schedules=(),
    )
    assert [one.kind for one in blockers(at)] == [K.HELD]


def test_one_that_is_half_way_waits_for_its_run() -> None:
    name = temporary_name("web", STALE.container.id)
    (found,) = blockers(replace(STALE, container=container(name), schedules=()))[:1]
    assert (found.kind, found.stops) == (K.BUSY, CHECK)
    assert "under way" in found.sentence


def test_what_a_person_starts_goes_past_what_only_delays() -> None:
    delays = [
        blockers(replace(STALE, **other))[0].kind
        for other, *_ in TABLE
        if blockers(replace(STALE, **other))[0].only_delays
    ]
    assert set(delays) == {
        *(K.HOST_AWAY, K.BUSY, K.LOCAL, K.NO_PULL, K.NOT_CHECKED, K.CREDENTIALS, K.TRUST),
        *(K.MISSING, K.CHECK_FAILED, K.OTHER, K.NO_SCHEDULE, K.PAUSED),
    }
