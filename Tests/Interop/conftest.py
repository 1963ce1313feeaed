"""Starts the real server as a production process before two foreign upstreams, with a real mail receiver."""
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import time

import pytest
import requests

import authority
import upstreams
from foreign_client import Device
from mailbox import Mailbox, free_port

HOST = "api.buckler.test"
ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("INTEROP_SERVER", ROOT / ".build/debug/buckler"))

_resolve = socket.getaddrinfo


def _loopback(host, *rest, **more):
    return _resolve("127.0.0.1" if host == HOST else host, *rest, **more)


socket.getaddrinfo = _loopback


CONFIGURATION = """\
public_url: https://{host}:{port}
listen: "127.0.0.1:{port}"
data: {folder}/data
keys: {folder}/keys
tls: {{ certificate: {certificates}/chain.pem, key: {certificates}/key.pem }}
mail: {{ smtp: "smtp://localhost:{mail_port}", from: "Notes <no-reply@buckler.test>", user: notes, password_file: {folder}/mail-password, ca_file: {certificates}/ca.pem }}
upstream: {{ url: "http://127.0.0.1:{upstream_port}", audience: notes-api }}
operations: {{ listen: "127.0.0.1:{operations_port}" }}
clients:
  notes-app: {{ kind: native, preset: aal1 }}
  other-app: {{ kind: native, preset: aal1 }}
  reporting: {{ kind: service, secret_file: {folder}/service-secret }}
routes:
  - {{ path: "/status", auth: none }}
  - {{ path: "/payments/**", acr: 2, max_age: 5m }}
  - {{ path: "/live/**", websocket: true }}
  - {{ path: "/**", auth: required }}
"""


class Server:
    def __init__(self, folder, mailbox, certificates, upstream):
        self.folder, self.mailbox, self.upstream = folder, mailbox, upstream
        self.port, self.operations_port = free_port(), free_port()
        self.url = f"https://{HOST}:{self.port}"
        self.issuer = self.url + "/buckler"
        self.ca = str(certificates / "ca.pem")
        self.service_secret = secrets.token_urlsafe(32)
        for name, text in [("mail-password", "interop-mail-password"), ("service-secret", self.service_secret)]:
            path = folder / name
            path.write_text(text)
            path.chmod(0o600)
        self.file = folder / "buckler.yaml"
        self.file.write_text(CONFIGURATION.format(
            host=HOST, port=self.port, folder=folder, certificates=certificates, mail_port=mailbox.port,
            upstream_port=upstream.port, operations_port=self.operations_port))

    def start(self):
        self.log = open(self.folder / "server.log", "ab")
        environment = {name: text for name, text in os.environ.items() if not name.startswith("BUCKLER_")}
        self.process = subprocess.Popen([BINARY, "serve", "--config", self.file], env=environment, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 30
        while True:
            try:
                if requests.get(self.url + "/health/ready", verify=self.ca, timeout=2).status_code == 200:
                    return self
            except requests.RequestException:
                pass
            text = (self.folder / "server.log").read_text(errors="replace")
            assert self.process.poll() is None, f"the server stopped: {text[-3000:]}"
            assert time.monotonic() < deadline, f"the server is not ready: {text[-3000:]}"
            time.sleep(0.05)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.log.close()

    def device(self, client_id="notes-app"):
        return Device(self, client_id)

    def person(self, client_id="notes-app"):
        """A new account, signed in on a new device."""
        device = self.device(client_id)
        device.email = f"p{secrets.token_hex(6)}@example.org"
        device.password = "correct horse " + secrets.token_hex(8)
        device.sign_up(device.email, device.password)
        return device


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return authority.make(tmp_path_factory.mktemp("certificates"), [HOST, "localhost", "127.0.0.1"])


@pytest.fixture(scope="session")
def mailbox(certificates):
    box = Mailbox(certificates).start()
    yield box
    box.stop()


@pytest.fixture(scope="session", params=upstreams.available(), ids=lambda kind: kind.name)
def server(request, tmp_path_factory, mailbox, certificates):
    if not BINARY.exists():
        pytest.skip(f"{BINARY.name} is not built")
    upstream = request.param()
    running = Server(tmp_path_factory.mktemp("server"), mailbox, certificates, upstream).start()
    yield running
    running.stop()
    upstream.stop()


@pytest.fixture
def person(server):
    return server.person()


@pytest.fixture(scope="session")
def curl():
    return shutil.which("curl") or pytest.skip("curl is not installed")
