"""The settings' pages: what counts, where it comes from, and what is refused."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.views import rows
from updates.models import Host, Policy

PAGES = ["/settings/", "/hosts/{pk}/settings/", "/hosts/{pk}/containers/web/settings/"]


@pytest.fixture
def owner(clerk: Callable[..., Client]) -> Client:
    return clerk("view_policy", "change_policy")


def words(client: Client, address: str) -> str:
    """What the page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", rows.text(client, address)).split())


@pytest.fixture
def places(host: Host) -> list[str]:
    labels = {"com.centurylinklabs.watchtower.monitor-only": "true"}
    rows.container(host, "web", labels=labels)
    return [address.format(pk=host.pk) for address in PAGES]


def test_what_is_saved_is_kept_typed_and_shown_again(owner: Client, places: list[str]) -> None:
    for place, seconds in zip(places, (11, 12, 13), strict=True):
        answer = owner.post(place, {"stop_timeout": f"{seconds}s", "cleanup": "yes"})
        assert answer.headers["Location"] == place
    values = {(str(row.host or ""), row.container): row.values for row in Policy.objects.all()}
    assert values == {
        ("", ""): {"stop_timeout": 11, "cleanup": True},
        ("nas", ""): {"stop_timeout": 12, "cleanup": True},
        ("nas", "web"): {"stop_timeout": 13, "cleanup": True},
    }
    assert 'value="13s"' in rows.text(owner, places[2])


def test_a_page_tells_what_counts_and_where_it_comes_from(owner: Client, places: list[str]) -> None:
    owner.post(places[0], {"cleanup": "yes"})
    owner.post(places[1], {"stop_timeout": "33"})
    text = words(owner, places[2])
    assert "Counts now 33s Host" in text
    assert "Counts now yes Label" in text, "monitor-only is a label's"
    assert "Counts now yes Global" in text
    assert "yes, from the settings for everything" in text


def test_what_makes_no_sense_is_told_beside_its_field_and_nothing_is_saved(
    owner: Client, places: list[str]
) -> None:
    answer = owner.post(places[1], {"stop_timeout": "soon", "cleanup": "yes"})
    text = answer.content.decode()
    assert "Nothing was saved yet." in text
    assert "It takes a duration such as 30, 30s or 2m." in text
    assert 'value="soon"' in text
    assert not Policy.objects.exists()


def test_emptying_every_field_takes_the_row_away(owner: Client, places: list[str]) -> None:
    owner.post(places[2], {"cleanup": "yes"})
    owner.post(places[2], {"cleanup": ""})
    assert not Policy.objects.exists()


def test_each_level_offers_what_can_be_set_there(owner: Client, places: list[str]) -> None:
    wide, host, container = (rows.text(owner, place) for place in places)
    for page in (wide, host):
        assert 'name="scope"' in page
        assert 'name="lifecycle_pre_update"' not in page
    assert 'name="scope"' not in container
    assert 'name="lifecycle_pre_update"' in container


def test_a_container_that_is_gone_is_set_up_until_it_comes_back(owner: Client, host: Host) -> None:
    gone = f"/hosts/{host.pk}/containers/gone/settings/"
    assert owner.get(gone).status_code == 404
    Policy(host=host, container="gone", values={"cleanup": True}).save()
    assert "Settings for nas/gone" in words(owner, gone)


def test_who_may_look_may_not_change(clerk: Callable[..., Client], places: list[str]) -> None:
    viewer = clerk("view_policy")
    page = rows.text(viewer, places[1])
    assert re.search('<fieldset class="card"[^>]* disabled>', page)
    assert "Save" not in page
    assert viewer.post(places[1], {"cleanup": "yes"}).status_code == 403
    assert clerk().get(places[1]).status_code == 403
    assert not Policy.objects.exists()
