"""What stands around every page: the menu by rights, the theme, the time zone, the icon."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.views import rows
from updates.models import Container, Host, Preference, UpdateRun
from updates.views.places import PLACES


def test_the_menu_shows_where_one_is_and_only_where_one_may_go(
    signed_in: Client, operator: User
) -> None:
    page = rows.text(signed_in, "/containers/")
    assert page.count('aria-current="page"') == 1
    assert "Schedules" not in page
    operator.user_permissions.add(
        Permission.objects.get(codename="view_schedule", content_type__app_label="updates")
    )
    assert "Schedules" in rows.text(signed_in, "/containers/")


def test_no_two_places_have_the_same_key() -> None:
    keys = [place.key for place in PLACES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_a_theme_is_chosen_on_any_page_and_stays(
    signed_in: Client, operator: User, theme: str
) -> None:
    answer = signed_in.post("/preferences/theme/", {"theme": theme, "next": "/runs/"})
    assert answer.headers["Location"] == "/runs/"
    assert f'data-theme="{theme}"' in rows.text(signed_in, "/")
    assert Preference.objects.get(user=operator).theme == theme


def test_a_theme_that_is_none_changes_nothing_and_leads_nowhere_else(signed_in: Client) -> None:
    sent = {"theme": "pink", "next": "https://elsewhere.example/"}
    answer = signed_in.post("/preferences/theme/", sent)
    assert answer.headers["Location"] == "/"
    assert not Preference.objects.exists()


def test_times_are_shown_in_the_persons_own_zone(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    UpdateRun.objects.update(created_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    assert "2026-07-01 22:30:00" in rows.text(signed_in, run.get_absolute_url())
    signed_in.post("/preferences/", {"theme": "system", "time_zone": "Asia/Tokyo"})
    assert "2026-07-02 07:30:00" in rows.text(signed_in, run.get_absolute_url())


def test_a_time_zone_that_is_none_is_refused_with_a_sentence(signed_in: Client) -> None:
    answer = signed_in.post("/preferences/", {"theme": "system", "time_zone": "Mars/Base"})
    assert "There is no such time zone" in answer.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(("waiting", "shown"), [(0, None), (7, ">7<"), (100, ">99+<")])
def test_the_icon_shows_how_many_updates_wait(
    signed_in: Client, host: Host, waiting: int, shown: str | None
) -> None:
    for number in range(waiting):
        rows.container(host, f"app-{number}", status=Container.Status.UPDATE_AVAILABLE)
    icon = signed_in.get("/icon.svg")
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert ("<text" in icon.content.decode()) == bool(shown)
    assert (shown or "") in icon.content.decode()


def test_the_page_of_shortcuts_names_each_place_one_may_go(signed_in: Client) -> None:
    page = rows.text(signed_in, "/shortcuts/")
    assert page.count("<kbd>g</kbd>") == sum(not place.right for place in PLACES)


@pytest.mark.django_db
def test_a_host_name_that_is_not_ours_is_refused_in_our_own_clothes(client: Client) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "Watchweb" in answer.content.decode()


def test_a_person_changes_their_own_password(signed_in: Client, operator: User) -> None:
    operator.set_password("the old one, long")
    operator.save()
    signed_in.force_login(operator)
    address = "/preferences/password/"
    assert f'href="{address}"' in rows.text(signed_in, "/preferences/")
    new = {"new_password1": "a new one, longer", "new_password2": "a new one, longer"}
    refused = signed_in.post(address, {"old_password": "wrong", **new})
    assert refused.status_code == 200
    answer = signed_in.post(address, {"old_password": "the old one, long", **new})
    assert answer.headers["Location"] == "/preferences/"
    assert "The password was changed." in rows.text(signed_in, "/preferences/")
    operator.refresh_from_db()
    assert operator.check_password("a new one, longer")


def test_a_page_below_another_leads_back_to_it(admin_client: Client, host: Host) -> None:
    page = rows.text(admin_client, f"{host.get_absolute_url()}settings/")
    crumbs = page.partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]
    assert 'href="/hosts/"' in crumbs
    assert f'href="{host.get_absolute_url()}"' in crumbs
    assert 'aria-label="Breadcrumbs"' not in rows.text(admin_client, "/hosts/")
