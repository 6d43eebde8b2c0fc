"""Somebody at the pages, without a browser: signs in, sends forms, waits for runs."""

import time
from typing import Any

import requests

LONGEST_RUN_S = 180.0
_TIMEOUT_S = 60


class PersonError(Exception):
    """A page did not do what was asked of it."""


class Person:
    """An administrator in one session."""

    def __init__(self, site: str, password: str) -> None:
        self.site = site
        self._http = requests.Session()
        self._http.trust_env = False
        self._ask("GET", "/login/")
        self.send("/login/", username="admin", password=password)

    @property
    def session(self) -> str:
        """The cookie that makes a browser this person."""
        return str(self._http.cookies["sessionid"])

    def send(self, path: str, **fields: Any) -> str:
        """Send a form that leads to another page; its path. Raises PersonError if it stays."""
        answer = self._form(path, fields)
        if answer.status_code != 302:
            raise PersonError(f"POST {path}: {answer.status_code}, the form was not taken.")
        return str(answer.headers["Location"])

    def send_here(self, path: str, **fields: Any) -> None:
        """Send a form that is answered where it is."""
        self._form(path, fields)

    def start(self, kind: str, *containers: int) -> int:
        """Start a run, of these containers or of everything; its number."""
        place = self.send("/runs/start/", kind=kind, container=containers)
        if not place.startswith("/runs/"):
            raise PersonError(f"No {kind} was started.")
        return int(place.split("/")[2])

    def run(self, kind: str, *containers: int) -> int:
        """A run to its end; its number."""
        number = self.start(kind, *containers)
        self.wait_for(number)
        return number

    def wait_for(self, number: int) -> None:
        """Until this run is over; it may not have begun yet."""
        end = time.monotonic() + LONGEST_RUN_S
        while not self._is_over(number):
            if time.monotonic() > end:
                raise PersonError(f"The run {number} has no end.")
            time.sleep(0.3)

    def deliver(self, path: str, secret: str) -> None:
        """What a sender of webhooks does."""
        self._ask("POST", path, headers={"Authorization": f"Bearer {secret}"})

    def _form(self, path: str, fields: dict[str, Any]) -> requests.Response:
        data = fields | {"csrfmiddlewaretoken": self._http.cookies["csrftoken"]}
        headers = {"Referer": f"{self.site}{path}"}
        return self._ask("POST", path, data=data, headers=headers, allow_redirects=False)

    def _is_over(self, number: int) -> bool:
        answer = self._http.get(f"{self.site}/runs/{number}.json", timeout=_TIMEOUT_S)
        return answer.ok and bool(answer.json()["finished_at"])

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._http.request(method, f"{self.site}{path}", timeout=_TIMEOUT_S, **more)
        if not answer.ok:
            raise PersonError(f"{method} {path}: {answer.status_code}.")
        return answer
