"""A mail server on loopback: it takes messages over SMTP and keeps them. Source: RFC 5321."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class SmtpServer:
    """`login`: the "user:password" it asks for, "" for none. `refuses`: recipients it has not."""

    login: str = ""
    refuses: tuple[str, ...] = ()
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def served(self) -> Iterator["SmtpServer"]:
        server = _Server(("127.0.0.1", 0), _Session)
        server.fake = self
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    fake: SmtpServer


class _Session(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 5  # A client that does not hang up is no reason to wait for ever.

    def handle(self) -> None:
        self.to: list[str] = []
        self.is_known = not self.server.fake.login
        self.say("220 loopback")
        while line := self.line():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            getattr(self, f"do_{verb.lower()}", self.do_unknown)(line)

    def line(self) -> str:
        try:
            return self.rfile.readline().decode().strip()
        except TimeoutError:
            return ""

    def do_ehlo(self, _line: str) -> None:
        self.say("250-loopback\r\n250 AUTH PLAIN")

    def do_auth(self, line: str) -> None:
        sent = base64.b64decode(line.split(" ")[2]).decode().strip("\0").replace("\0", ":")
        self.is_known = sent == self.server.fake.login
        self.say("235 welcome" if self.is_known else "535 wrong password hunter2")

    def do_mail(self, _line: str) -> None:
        self.say("250 ok" if self.is_known else "530 who are you")

    def do_rcpt(self, line: str) -> None:
        address = line.partition("<")[2].partition(">")[0]
        if address in self.server.fake.refuses:
            self.say("550 nobody here")
        else:
            self.to.append(address)
            self.say("250 ok")

    def do_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = []
        while (text := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(text)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.fake.messages.append(message)
        self.server.fake.recipients.append(self.to)
        self.say("250 taken")

    def do_rset(self, _line: str) -> None:
        self.say("250 ok")

    def do_unknown(self, _line: str) -> None:
        self.say("502 not here")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
