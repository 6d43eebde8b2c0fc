"""Messages arrive at real receivers: a webhook, a Gotify, an ntfy and a mail server."""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.fakes.http_sink import HttpSink
from tests.fakes.smtp_server import SmtpServer
from tests.notifications import news
from updates.models import Channel, Delivery, Host
from updates.notifications.outbox import deliver, queue_test
from watchweb.mail import mailer

pytestmark = pytest.mark.django_db


def test_a_webhook_gets_the_news_as_json(host: Host, sink: HttpSink) -> None:
    news.channel(f"json://{sink.address}/hook")
    [delivery] = news.told(news.update(host, web="updated", db="failed"))
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 1, "")
    [request] = sink.requests
    assert request.path == "/hook"
    assert request.document["title"] == "Watchweb: 1 update failed, 1 updated"
    assert request.document["type"] == "failure"
    assert "nas/web: updated to the new registry.example.com/web:1." in request.document["message"]
    assert "nas/db: update failed" in request.document["message"]


def test_gotify_gets_title_and_text(host: Host, sink: HttpSink) -> None:
    news.channel(f"gotify://{sink.address}/{news.SECRET}")
    [delivery] = news.told(news.scan(host, web="stale"))
    assert delivery.state == "sent"
    [request] = sink.requests
    assert request.path == "/message"
    assert request.headers["X-Gotify-Key"] == news.SECRET
    assert request.document["title"] == "Watchweb: 1 update available"
    assert "nas/web" in request.document["message"]


def test_ntfy_gets_the_topic(host: Host, sink: HttpSink) -> None:
    news.channel(f"ntfy://me:{news.SECRET}@{sink.address}/updates")
    [delivery] = news.told(news.scan(host, web="stale"))
    assert delivery.state == "sent"
    sent = json.loads(sink.requests[0].body)
    assert (sent["topic"], sent["title"]) == ("updates", "Watchweb: 1 update available")


def test_mail_goes_to_every_address(host: Host, mail_server: SmtpServer) -> None:
    news.channel(kind=Channel.Kind.EMAIL, url="", addresses="ops@example.com,\nme@example.com")
    [delivery] = news.told(news.update(host, web="rolled_back"))
    assert (delivery.state, delivery.error) == ("sent", "")
    [message] = mail_server.messages
    assert mail_server.recipients == [["ops@example.com", "me@example.com"]]
    assert message["Subject"] == "Watchweb: 1 rolled back"
    assert "nas/web: rolled back" in message.get_content()


def test_a_mail_server_that_refuses_the_password_is_a_sentence_without_it(
    host: Host, mail_server: SmtpServer, settings: object
) -> None:
    mail_server.login = "me:right"
    url = f"smtp://me:{news.SECRET}@127.0.0.1:{mail_server.port}"
    settings.MAILERS = {"default": mailer(url)}  # type: ignore[attr-defined]
    news.channel(kind=Channel.Kind.EMAIL, url="", addresses="ops@example.com")
    [delivery] = news.told(news.update(host, web="updated"))
    assert delivery.error == "The mail server refused the user name or password in EMAIL_URL."
    assert mail_server.messages == []


def test_mail_without_a_server_fails_at_once_and_says_what_to_do(host: Host) -> None:
    news.channel(kind=Channel.Kind.EMAIL, url="", addresses="ops@example.com")
    [delivery] = news.told(news.update(host, web="updated"))
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert "EMAIL_URL" in delivery.error


def test_a_receiver_that_is_down_is_tried_again_with_growing_pauses(
    host: Host, sink: HttpSink
) -> None:
    sink.statuses = [500, 503, 500, 500]
    news.channel(f"json://{sink.address}/{news.SECRET}")
    [delivery] = news.told(news.update(host, web="updated"))
    pauses = []
    while delivery.state == "queued":
        assert delivery.next_try_at is not None
        pauses.append(round((delivery.next_try_at - timezone.now()).total_seconds() / 60))
        assert delivery.error.startswith("JSON on 127.0.0.1 answered 50")
        assert not deliver(delivery.pk), "It was tried before its time."
        Delivery.objects.update(next_try_at=timezone.now())
        deliver(delivery.pk)
        delivery.refresh_from_db()
    assert pauses == [1, 5, 15, 60]
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 5, "")
    assert len(sink.requests) == 5


def test_one_that_stays_down_fails_with_its_reason(host: Host, sink: HttpSink) -> None:
    sink.statuses = [401] * 9
    news.channel(f"json://{sink.address}/{news.SECRET}")
    [delivery] = news.told(news.update(host, web="updated"))
    for _ in range(9):
        Delivery.objects.filter(state="queued").update(next_try_at=timezone.now())
        deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 5)
    assert delivery.error == (
        "JSON on 127.0.0.1 answered 401. It does not accept the token or password."
    )


def test_nobody_listening_is_said_without_the_secret(host: Host) -> None:
    news.channel(f"json://127.0.0.1:9/{news.SECRET}")
    [delivery] = news.told(news.update(host, web="updated"))
    assert delivery.error == "JSON on 127.0.0.1 cannot be reached."


def test_no_log_line_of_any_library_has_the_secret(
    host: Host, sink: HttpSink, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    sink.statuses = [403, 500]
    with caplog.at_level(logging.DEBUG):
        for url in (
            f"json://{sink.address}/{news.SECRET}",
            f"gotify://{sink.address}/{news.SECRET}",
        ):
            news.channel(url)
        news.channel(f"gotify://127.0.0.1:9/{news.SECRET}")
        deliveries = news.told(news.update(host, web="updated"))
    assert len(deliveries) == 3
    assert "delivery tried" in caplog.text
    captured = capfd.readouterr()
    assert news.SECRET not in caplog.text + captured.out + captured.err
    assert not any(news.SECRET in f"{one.error} {one.text} {one}" for one in deliveries)


def test_a_test_is_sent_though_the_channel_is_off_and_not_retried(sink: HttpSink) -> None:
    sink.statuses = [500]
    channel = news.channel(f"json://{sink.address}/x", enabled=False, name="phone")
    first, second = queue_test(channel), queue_test(channel)
    deliver(first.pk)
    deliver(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "sent")
    assert "“phone”" in sink.requests[1].document["message"]


def test_two_workers_send_a_delivery_once(host: Host, sink: HttpSink) -> None:
    channel = news.channel(f"json://{sink.address}/x")
    delivery = queue_test(channel)
    now = timezone.now()
    assert Delivery.objects.claim(delivery.pk, now)
    assert not Delivery.objects.claim(delivery.pk, now)
    # The first one died: the next comes when its time is up.
    assert Delivery.objects.claim(delivery.pk, now + timedelta(minutes=11))
    assert deliver(delivery.pk) is False
