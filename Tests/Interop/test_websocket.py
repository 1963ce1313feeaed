"""The `websockets` library at both ends of a WebSocket through the gateway."""
import ssl
import threading

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.sync.server import serve

from conftest import Server


class EchoUpstream:
    """Says each message back, after the identity it was told of."""

    def __init__(self):
        def echo(socket):
            identity = socket.request.headers.get("Buckler-Identity", "")
            socket.send(f"{identity.count('.')} {'DPoP' in socket.request.headers}")
            for message in socket:
                socket.send(message)

        self.server = serve(echo, "127.0.0.1", 0, max_size=None)
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join(timeout=10)


@pytest.fixture(scope="module")
def live(tmp_path_factory, mailbox, certificates):
    upstream = EchoUpstream()
    running = Server(tmp_path_factory.mktemp("live"), mailbox, certificates, upstream).start()
    yield running
    running.stop()
    upstream.stop()


def open_socket(server, device, path="/live/feed", **more):
    url = server.url + path
    token = device.tokens["access_token"]
    headers = {"Authorization": f"DPoP {token}", "DPoP": device.proof("GET", url, token)}
    return connect(
        url.replace("https:", "wss:"), ssl=ssl.create_default_context(cafile=server.ca), additional_headers=headers,
        proxy=None, open_timeout=20, close_timeout=20, max_size=None, **more)


def test_text_bytes_and_large_messages_pass_with_and_without_compression(live):
    device = live.person()
    for compression in ["deflate", None]:
        with open_socket(live, device, compression=compression) as socket:
            assert socket.recv(timeout=20) == "2 False", "a signed identity, and no proof"
            for message in ["héllo", b"\x00\xff", "x" * 3_000_000, b"y" * 200_000]:
                socket.send(message)
                assert socket.recv(timeout=20) == message
            assert socket.ping().wait(20)


def test_signing_out_closes_the_socket_with_1008(live):
    device = live.person()
    with open_socket(live, device) as socket:
        socket.recv(timeout=20)
        answer = device.call("POST", "/buckler/oauth/revoke", data={
            "token": device.tokens["refresh_token"], "client_id": device.client_id})
        assert answer.status_code == 200, answer.text
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=20)
        assert closed.value.rcvd.code == 1008 and closed.value.rcvd.reason == "session.revoked"


def test_without_a_proof_or_on_another_route_no_socket_opens(live):
    device = live.person()
    with pytest.raises(InvalidStatus) as refused:
        connect(live.url.replace("https:", "wss:") + "/live/feed", proxy=None, ssl=ssl.create_default_context(cafile=live.ca))
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        open_socket(live, device, path="/notes")
    assert refused.value.response.status_code == 501
