"""A channel in a real browser: the preview follows what is typed."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.notifications import news
from updates.models import Host

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_preview_follows_what_is_typed(
    chromium: Browser, live_server: LiveServer, admin_client: Client, host: Host
) -> None:
    news.update(host, web="updated", db="failed")
    session = admin_client.cookies["sessionid"].value
    context = chromium.new_context()
    page = context.new_page()
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/notifications/add/")
    message = page.locator("#message")
    expect(message).to_contain_text("nas/web: updated to the new")
    page.get_by_label("Text", exact=True).select_option("watchtower")
    expect(message).to_contain_text("2 Scanned, 1 Updated, 1 Failed")
    page.get_by_label("Text", exact=True).select_option("own")
    page.get_by_label("Template", exact=True).fill("{% nope %}")
    expect(message).to_contain_text("Line 1: Invalid block tag")
    page.get_by_label("Template", exact=True).fill("{{ counts.updated }} new")
    expect(message).to_contain_text("1 new")
    page.get_by_label("Name").fill("phone")
    page.get_by_label("Apprise URL").fill(f"gotify://push.example.com/{news.SECRET}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="phone")).to_be_visible()
    assert news.SECRET not in page.content()
    context.close()
