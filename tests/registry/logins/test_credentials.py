"""Secrets stay where they are; what names them may be stored."""

import base64

from updates.registry.logins.credentials import ANONYMOUS_FINGERPRINT, Credentials, fingerprint_of


def test_no_secret_is_in_a_representation() -> None:
    shown = repr(Credentials("alice", "hunter2", "refresh-me"))

    assert "alice" in shown
    assert "hunter2" not in shown
    assert "refresh-me" not in shown


def test_the_fingerprint_is_stable_and_names_user_and_secret() -> None:
    same = Credentials("alice", "hunter2").fingerprint
    others = {
        Credentials("alice", "hunter3").fingerprint,
        Credentials("bob", "hunter2").fingerprint,
        Credentials("alice", "", "hunter2").fingerprint,
        Credentials("alicehunter2", "").fingerprint,
    }

    assert same == Credentials("alice", "hunter2").fingerprint
    assert len(same) == 16
    assert len(others | {same}) == 5


def test_anonymous_access_has_its_own_fingerprint() -> None:
    assert fingerprint_of(None) == ANONYMOUS_FINGERPRINT
    assert fingerprint_of(Credentials("", "")) != ANONYMOUS_FINGERPRINT


def test_a_password_may_hold_colons_and_any_letter() -> None:
    scheme, _, pair = Credentials("älice", "a:b:ß").basic.partition(" ")

    assert scheme == "Basic"
    assert base64.b64decode(pair).decode() == "älice:a:b:ß"
