"""Every public endpoint is given what no client should send: it refuses with a problem, never with a fault of ours."""
import json

import pytest
import requests

FORM = "application/x-www-form-urlencoded"
ENDPOINTS = [
    ("POST", "/buckler/oauth/authorize-challenge", FORM), ("POST", "/buckler/oauth/token", FORM),
    ("POST", "/buckler/oauth/revoke", FORM), ("POST", "/buckler/oauth/introspect", FORM),
    ("POST", "/buckler/account/sign-up", "application/json"), ("POST", "/buckler/account/reset", "application/json"),
    ("POST", "/buckler/account/password", "application/json"),
]
BODIES = {
    "empty": b"", "truncated": b'{"client_id": "notes-app", "em', "wrong type": b'{"client_id": 7, "email": [], "password": {}}',
    "doubled name": b'{"email": "a@example.org", "email": "b@example.org"}', "doubled field": b"client_id=a&client_id=b",
    "deep": b"[" * 5000 + b"]" * 5000, "not UTF-8": b'{"client_id": "\xff\xfe"}', "bad escape": b"client_id=%ZZ",
    "oversized": b"a" * 200_000, "array": b"[]", "null": b"null", "NUL": b"client_id=%00&username=%00",
}


def refused(answer):
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    assert answer.headers.get("X-Content-Type-Options") == "nosniff"
    assert "strict-transport-security" in {name.lower() for name in answer.headers}
    body = answer.json()
    assert "code" in body or "error" in body
    for leak in ["Swift", "Sources/", "fatal", "SQL", "GRDB"]:
        assert leak not in answer.text


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("method,path,kind", ENDPOINTS)
def test_bodies(server, person, method, path, kind, name):
    needs_session = path.endswith("/password")
    answer = person.call(
        method, path, access_token=person.tokens["access_token"] if needs_session else None, data=BODIES[name],
        headers={"Content-Type": kind})
    if path.endswith("/revoke") and answer.status_code == 200:
        return
    refused(answer)


@pytest.mark.parametrize("method,path,kind", ENDPOINTS)
def test_wrong_media_types_and_methods(server, person, method, path, kind):
    token = person.tokens["access_token"] if path.endswith("/password") else None
    refused(person.call(method, path, access_token=token, data=b"x", headers={"Content-Type": "text/plain"}))
    refused(person.call("PUT", path, access_token=token, data=b"x", headers={"Content-Type": kind}))


def rewrite(token, header=None, payload=None, signature=None):
    import base64
    parts = token.split(".")

    def recode(part, changes):
        raw = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        raw.update(changes)
        return base64.urlsafe_b64encode(json.dumps(raw).encode()).rstrip(b"=").decode()

    if header:
        parts[0] = recode(parts[0], header)
    if payload:
        parts[1] = recode(parts[1], payload)
    if signature is not None:
        parts[2] = signature
    return ".".join(parts)


@pytest.mark.parametrize("change", [
    {"header": {"alg": "none"}, "signature": ""}, {"header": {"alg": "HS256"}}, {"header": {"typ": "JWT"}},
    {"payload": {"exp": 4102444800}}, {"payload": {"aud": "somebody-else"}}, {"signature": "AAAA"}, {"header": {"crit": ["x"]}},
    {"header": {"jku": "https://example.org/keys"}},
])
def test_changed_access_tokens_are_refused(server, person, change):
    token = rewrite(person.tokens["access_token"], **change)
    answer = person.call("GET", "/notes", access_token=token)
    assert answer.status_code == 401


@pytest.mark.parametrize("header,claims", [
    ({"typ": "JWT"}, {}), ({}, {"htm": "POST"}), ({}, {"htu": "https://example.org/notes"}), ({}, {"jti": None}),
    ({}, {"jti": "x" * 200}), ({}, {"iat": None}), ({}, {"iat": "now"}), ({}, {"ath": "AAAA"}), ({}, {"nonce": "forged"}),
    ({}, {"htm": None}), ({}, {"htu": None}), ({"crit": ["b64"], "b64": True}, {}),
])
def test_changed_proofs_are_refused(server, person, header, claims):
    url = server.url + "/notes"
    token = person.tokens["access_token"]
    person.api("GET", "/notes")
    proof = person.proof("GET", url, token, header=header, **claims)
    answer = requests.get(url, headers={"Authorization": f"DPoP {token}", "DPoP": proof}, verify=server.ca, timeout=10)
    assert answer.status_code == 401, answer.text


def test_a_proof_is_accepted_once_and_only_one(server, person):
    url = server.url + "/notes"
    token = person.tokens["access_token"]
    person.api("GET", "/notes")
    headers = {"Authorization": f"DPoP {token}", "DPoP": person.proof("GET", url, token)}
    assert requests.get(url, headers=headers, verify=server.ca, timeout=10).status_code == 200
    assert requests.get(url, headers=headers, verify=server.ca, timeout=10).status_code == 401
    foreign = server.device()
    foreign.nonce = person.nonce
    headers["DPoP"] = foreign.proof("GET", url, token)
    assert requests.get(url, headers=headers, verify=server.ca, timeout=10).status_code == 401


def test_other_clients_and_other_accounts_ids_open_nothing(server, person):
    stranger = server.person()
    session = person.tokens["session"]["id"]
    assert stranger.api("DELETE", f"/buckler/account/sessions/{session}").status_code == 404
    assert person.api("GET", "/notes").status_code == 200
    answer = person.call("POST", "/buckler/oauth/token", headers={"Idempotency-Key": '"AAAAAAAAAAAAAAAAAAAAAA"'}, data={
        "grant_type": "refresh_token", "refresh_token": person.tokens["refresh_token"], "client_id": "other-app"})
    assert answer.status_code == 400
