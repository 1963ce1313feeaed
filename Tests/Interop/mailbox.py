"""A real SMTP receiver: STARTTLS with a certificate of our authority, and a password."""
import email
import email.policy
import re
import socket
import ssl
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    def __init__(self, certificates, user=b"notes", password=b"interop-mail-password"):
        self.messages = []
        self.arrived = threading.Condition()
        self.was_encrypted = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "chain.pem", certificates / "key.pem")

        def authenticate(server, session, envelope, mechanism, data):
            right = isinstance(data, LoginPassword) and data.login == user and data.password == password
            return AuthResult(success=right)

        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, auth_required=True,
            authenticator=authenticate, auth_require_tls=True)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.arrived:
            self.was_encrypted.append(session.ssl is not None)
            self.messages.append((envelope.rcpt_tos, message, envelope.content))
            self.arrived.notify_all()
        return "250 OK"

    def start(self):
        self.controller.start()
        self.port = self.controller.port
        return self

    def stop(self):
        self.controller.stop()

    def count_for(self, address):
        return sum(1 for to, _, _ in self.messages if address in to)

    def wait_for(self, address, after=0, timeout=20):
        deadline = time.monotonic() + timeout
        with self.arrived:
            while True:
                found = [m for to, m, _ in self.messages if address in to][after:]
                if found:
                    return found[-1]
                left = deadline - time.monotonic()
                assert left > 0, f"no mail came; {len(self.messages)} in all"
                self.arrived.wait(left)

    def code_for(self, address, after=None):
        """The code of the newest mail to the address; `after` mails that were there before are not looked at."""
        seen = self.taken.get(address, 0) if after is None else after
        message = self.wait_for(address, after=seen)
        self.taken[address] = self.count_for(address)
        text = message.get_body(("plain",)).get_content()
        codes = re.findall(r"(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$", text)
        assert codes, text
        return codes[0]

    taken = {}
