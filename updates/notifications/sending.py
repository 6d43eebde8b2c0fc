"""The border to the receivers: services through Apprise, mail through Django.

    SendError           retryable
      +- CannotSend     not: the channel has to be changed first

Foreign texts hold addresses with secrets, so none is passed on: what is told is chosen from words
of our own, and the status that a service answered.
"""

import io
import logging
import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import AbstractContextManager

import apprise
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.exceptions import InvalidMailer, MailerDoesNotExist

_STATUS = re.compile(r"error=(\d{3})\b|\bHTTP (\d{3})\b")
_UNREACHED = re.compile(r"connection error|socket|timed? ?out", re.IGNORECASE)
_TYPES = {
    "info": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "error": apprise.NotifyType.FAILURE,
}
NO_MAILER = "No mail server is set: give EMAIL_URL to Watchweb and start it again."


class SendError(Exception):
    """A message was not taken. The sentence holds no secret."""

    retryable = True


class CannotSend(SendError):
    """No waiting helps."""

    retryable = False


def service_of(url: str) -> str:
    """ "Gotify on push.example.com": what an Apprise URL is of, without its secrets.

    Raises CannotSend for one that Apprise does not know. No request is made.
    """
    plugin = _plugin(url)
    name = str(plugin.service_name)
    # In other services' URLs a token stands where a host would.
    has_host = "host" in plugin.template_tokens and getattr(plugin, "mode", "") != "cloud"
    return f"{name} on {plugin.host}" if has_host and plugin.host else name


def send_to_service(url: str, title: str, text: str, severity: str) -> None:
    """Raises SendError."""
    sender = apprise.Apprise(asset=_asset())
    sender.add(_plugin(url))
    with _captured() as said:
        is_taken = sender.notify(
            body=text or title,
            title=title,
            notify_type=_TYPES[severity],
            body_format=apprise.NotifyFormat.TEXT,
        )
        words = said.getvalue()
    if not is_taken:
        raise SendError(_why(service_of(url), words))


def send_mail(recipients: Sequence[str], title: str, text: str) -> None:
    """Raises SendError."""
    if not hasattr(settings, "MAILERS"):
        raise CannotSend(NO_MAILER)
    try:
        _mail(EmailMessage(title or "Watchweb", text, to=list(recipients)))
    except smtplib.SMTPAuthenticationError as error:
        raise SendError(
            "The mail server refused the user name or password in EMAIL_URL."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise SendError("The mail server refused every recipient.") from error
    except smtplib.SMTPResponseException as error:
        raise SendError(f"The mail server refused the message ({error.smtp_code}).") from error
    except ssl.SSLError as error:
        raise SendError("The mail server's certificate or TLS cannot be accepted.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendError("The mail server cannot be reached, or hung up.") from error
    except (InvalidMailer, MailerDoesNotExist, ValueError) as error:
        raise CannotSend("The mail server's settings or an address cannot be used.") from error


def _mail(message: EmailMessage) -> None:
    """Send it, and hang up: a sign-in that is refused leaves the connection open."""
    mailer = mailers["default"]
    try:
        mailer.send_messages([message])
    finally:
        mailer.close()


def _plugin(url: str) -> apprise.NotifyBase:
    plugin = apprise.Apprise.instantiate(url, asset=_asset())
    if not isinstance(plugin, apprise.NotifyBase):
        raise CannotSend("This is no URL of a service that Apprise knows, or a part is missing.")
    return plugin


def _asset() -> apprise.AppriseAsset:
    """Nothing is loaded from or kept in files; our logs never have a URL."""
    return apprise.AppriseAsset(
        app_id="Watchweb",
        app_desc="Watchweb",
        app_url="",
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


def _why(service: str, words: str) -> str:
    """The sentence for what Apprise said of a failure, without its words."""
    if found := _STATUS.search(words):
        status = next(filter(None, found.groups()))
        hint = " It does not accept the token or password." if status in ("401", "403") else ""
        return f"{service} answered {status}.{hint}"
    if _UNREACHED.search(words):
        return f"{service} cannot be reached."
    return f"{service} did not take the message."


def _captured() -> AbstractContextManager[io.StringIO]:
    """What Apprise says meanwhile; its logger leads nowhere else (settings.LOGGING)."""
    captured: AbstractContextManager[io.StringIO] = apprise.LogCapture(  # type: ignore[no-untyped-call]
        level=logging.INFO, fmt="%(message)s"
    )
    return captured
