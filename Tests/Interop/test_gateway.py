"""curl, httpx over HTTP/2 and raw sockets before foreign upstreams."""
import http.client
import json
import socket
import ssl
import subprocess

import httpx
import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from conftest import HOST

SECURE = ["strict-transport-security", "x-content-type-options", "content-security-policy", "referrer-policy"]


def test_a_stranger_gets_401_problem_json_with_secure_headers(server, curl):
    ran = subprocess.run(
        [curl, "-sS", "-i", "--cacert", server.ca, "--resolve", f"{HOST}:{server.port}:127.0.0.1", server.url + "/notes"],
        capture_output=True, text=True, timeout=20)
    assert ran.returncode == 0, ran.stderr
    head = ran.stdout.split("\r\n\r\n")[0].lower()
    assert " 401" in head.splitlines()[0]
    assert "application/problem+json" in head and "www-authenticate: dpop" in head
    for name in SECURE:
        assert name + ":" in head, head


def test_tls_is_verified_and_old_versions_are_refused(server):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url + "/status", timeout=10)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(server.ca)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(plain, server_hostname=HOST)


def test_http2_passes_through(server, person):
    url = server.url + "/notes?tag=a%20b"
    context = ssl.create_default_context(cafile=server.ca)
    with httpx.Client(http2=True, verify=context, timeout=20) as client:
        token = person.tokens["access_token"]
        answer = client.get(url, headers={
            "Authorization": f"DPoP {token}", "DPoP": person.proof("GET", url, token)})
        assert answer.http_version == "HTTP/2" and answer.status_code == 200, answer.text
        assert answer.json()["path"] == "/notes?tag=a%20b"


def test_the_upstream_receives_a_verified_identity_and_no_credentials(server, person):
    answer = person.api("POST", "/notes", json={"text": "hello"})
    assert answer.status_code == 200, answer.text
    seen = answer.json()["headers"]
    keys = requests.get(server.issuer + "/identity/jwks.json", verify=server.ca, timeout=10).json()
    identity = jwt.decode(seen["buckler-identity"], KeySet.import_key_set(keys), algorithms=["ES256"])
    assert identity.header["typ"] == "buckler-identity+jwt"
    claims = identity.claims
    assert claims["iss"] == server.issuer and claims["aud"] == "notes-api"
    assert claims["sub"] == person.tokens["session"]["account"] and claims["sid"] == person.tokens["session"]["id"]
    assert claims["exp"] - claims["iat"] == 60
    assert "authorization" not in seen and "dpop" not in seen
    assert json.loads(answer.json()["body"]) == {"text": "hello"}


def raw_get(server, path, headers):
    context = ssl.create_default_context(cafile=server.ca)
    connection = http.client.HTTPSConnection(HOST, server.port, context=context, timeout=15)
    connection.putrequest("GET", path)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize("spelling", [
    "Buckler-Identity", "buckler-identity", "BUCKLER-IDENTITY", "Buckler_Identity", "buckler_identity", "Buckler-Anything",
])
def test_no_spelling_of_our_headers_reaches_the_upstream(server, spelling):
    answer, body = raw_get(server, "/status", [(spelling, "forged"), (spelling, "twice")])
    assert answer.status in (200, 400)
    assert b"forged" not in body and b"twice" not in body


def test_a_connection_list_cannot_remove_the_identity(server, person):
    url = server.url + "/notes"
    token = person.tokens["access_token"]
    answer, body = raw_get(server, "/notes", [
        ("Authorization", f"DPoP {token}"), ("DPoP", person.proof("GET", url, token)),
        ("Connection", "Buckler-Identity, close"), ("Buckler-Identity", "forged")])
    if answer.status == 200:
        assert json.loads(body)["headers"]["buckler-identity"].count(".") == 2
    else:
        assert answer.status in (400, 401)
    assert b"forged" not in body


def test_public_routes_carry_no_identity(server, person):
    answer = person.api("GET", "/status")
    assert answer.status_code == 200
    assert "buckler-identity" not in answer.json()["headers"]


def test_a_hostile_upstream_sets_none_of_our_headers(server, person):
    if server.upstream.name != "flask":
        pytest.skip("the hostile route is Flask's")
    answer = person.api("GET", "/hostile")
    assert answer.status_code == 200
    for name in ["Buckler-Problem", "Alt-Svc", "Service-Worker-Allowed", "Clear-Site-Data", "X-Powered-By", "WWW-Authenticate"]:
        assert name not in answer.headers, name
    assert answer.headers.get("DPoP-Nonce") != "forged"
    assert "hostile" not in answer.headers.get("Server", "")
    assert answer.headers["Strict-Transport-Security"] != "max-age=1"
    assert answer.headers["Set-Cookie"] == "mine=1"


def test_a_route_that_demands_level_two_says_so(server, person):
    answer = person.api("GET", "/payments/1")
    assert answer.status_code == 401
    assert "insufficient_user_authentication" in answer.headers["WWW-Authenticate"]
    assert "acr_values" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_bound_token_is_refused_as_bearer(server, person, scheme):
    answer = requests.get(
        server.url + "/notes", headers={"Authorization": f"{scheme} {person.tokens['access_token']}"}, verify=server.ca, timeout=10)
    assert answer.status_code == 401
