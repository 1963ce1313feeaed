"""requests and joserfc play a whole life of an account."""
import os
import time

import pyotp
import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from foreign_client import b64url


def key_set(server, path):
    return KeySet.import_key_set(requests.get(server.url + path, verify=server.ca, timeout=10).json())


def test_metadata_is_where_the_standards_put_it(server):
    found = requests.get(server.url + "/.well-known/oauth-authorization-server/buckler", verify=server.ca, timeout=10).json()
    assert found["issuer"] == server.issuer
    assert found["authorization_challenge_endpoint"] == server.issuer + "/oauth/authorize-challenge"
    assert found["token_endpoint"] == server.issuer + "/oauth/token"
    assert found["dpop_signing_alg_values_supported"] == ["ES256"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    discovery = requests.get(server.issuer + "/.well-known/openid-configuration", verify=server.ca, timeout=10).json()
    assert discovery["issuer"] == server.issuer
    resource = requests.get(server.url + "/.well-known/oauth-protected-resource", verify=server.ca, timeout=10).json()
    assert server.issuer in resource["authorization_servers"]
    assert resource["dpop_bound_access_tokens_required"] is True


def test_the_access_token_is_an_at_jwt_that_a_foreign_library_verifies(server, person):
    token = jwt.decode(person.tokens["access_token"], key_set(server, "/buckler/jwks.json"), algorithms=["ES256"])
    assert token.header["typ"] == "at+jwt"
    claims = token.claims
    assert claims["iss"] == server.issuer
    assert claims["client_id"] == "notes-app"
    assert claims["cnf"]["jkt"] == person.key.thumbprint()
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["acr"] == "urn:buckler:acr:1"
    assert person.tokens["token_type"] == "DPoP"


def test_sign_in_again_on_a_known_device_needs_no_code(server, person):
    person.verifier = b64url(os.urandom(32))
    answer = person.begin(person.email, person.password)
    assert answer.status_code == 200, answer.text
    assert person.redeem(answer.json()["authorization_code"]).status_code == 200


def test_a_new_device_needs_a_code_by_mail(server, person):
    other = server.device()
    answer = other.begin(person.email, person.password)
    assert answer.status_code == 400 and answer.json()["challenge"]["type"] == "email_code", answer.text
    code = server.mailbox.code_for(person.email)
    answer = other.authorize(auth_session=answer.json()["auth_session"], email_code=code)
    assert answer.status_code == 200, answer.text
    assert other.redeem(answer.json()["authorization_code"]).status_code == 200


def test_pyotp_agrees_on_the_authenticator_and_lifts_the_level(server, person):
    enrolment = person.api("POST", "/buckler/account/factors/totp")
    assert enrolment.status_code == 201, enrolment.text
    body = enrolment.json()
    parsed = pyotp.parse_uri(body["otpauth_uri"])
    assert parsed.secret.rstrip("=") == body["secret"].replace(" ", "").rstrip("=")
    assert body["qr_svg"].lstrip().startswith("<")
    answer = person.api("POST", f"/buckler/account/factors/totp/{body['factor_id']}/confirm", json={"code": parsed.now()})
    assert answer.status_code == 200, answer.text
    recovery = answer.json()["recovery_codes"]
    assert len(recovery) == 10

    other = server.device()
    answer = other.begin(person.email, person.password)
    assert answer.json()["challenge"]["type"] == "second_factor", answer.text
    # A used step is refused, so the next step's code is taken: one step either way is accepted.
    code = parsed.at(int(time.time()) + 30)
    session = answer.json()["auth_session"]
    answer = other.authorize(auth_session=session, totp=code)
    assert answer.status_code == 200, answer.text
    assert other.redeem(answer.json()["authorization_code"]).status_code == 200
    assert other.tokens["session"]["acr"] == "urn:buckler:acr:2"
    assert "mfa" in other.tokens["session"]["amr"]

    third = server.device()
    answer = third.begin(person.email, person.password)
    replay = third.authorize(auth_session=answer.json()["auth_session"], totp=code)
    assert replay.status_code == 400 and replay.json()["code"] == "auth.credentials.mismatch"
    answer = third.authorize(auth_session=answer.json()["auth_session"], recovery_code=recovery[0])
    assert answer.status_code == 200, answer.text


def test_refresh_rotates_repeats_the_same_attempt_and_ends_on_a_fork(server, person):
    first = person.tokens["refresh_token"]
    attempt = b64url(os.urandom(16))
    one = person.refresh(first, attempt)
    again = person.refresh(first, attempt)
    assert one.status_code == again.status_code == 200, again.text
    assert one.json()["refresh_token"] == again.json()["refresh_token"] != first
    assert person.refresh().status_code == 200
    fork = person.refresh(first)
    assert fork.status_code == 400 and fork.json()["error"] == "invalid_grant"
    assert person.refresh().status_code == 400
    assert person.api("GET", "/notes").status_code == 401


def test_a_stolen_refresh_token_gives_the_thief_nothing(server, person):
    thief = server.device()
    answer = thief.refresh(person.tokens["refresh_token"])
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_grant"
    assert "code" not in answer.json() or not answer.json()["code"].startswith("session.")
    assert "session_end" not in answer.json()


def test_introspection_is_for_services_only(server, person):
    token = person.tokens["access_token"]
    url = server.issuer + "/oauth/introspect"

    def ask(token, auth=None):
        return requests.post(url, data={"token": token}, auth=auth, verify=server.ca, timeout=10)

    service = ("reporting", server.service_secret)
    found = ask(token, service)
    assert found.status_code == 200 and found.json()["active"] is True, found.text
    assert found.json()["cnf"]["jkt"] == person.key.thumbprint()
    assert ask("garbage", service).json() == {"active": False}
    assert ask(token).status_code == 401
    assert ask(token, ("reporting", "wrong")).status_code == 401
    assert ask(token, ("notes-app", "")).status_code == 401


def test_revocation_ends_the_session_for_the_bound_key_only(server, person):
    thief = server.device()
    for device, works in [(thief, True), (person, False)]:
        answer = device.call("POST", "/buckler/oauth/revoke", data={
            "token": person.tokens["refresh_token"], "client_id": "notes-app"})
        assert answer.status_code == 200, answer.text
        assert (person.api("GET", "/notes").status_code == 200) is works


def test_one_device_signs_the_other_out_with_a_signed_notice(server, person):
    other = server.device()
    answer = other.begin(person.email, person.password)
    answer = other.authorize(auth_session=answer.json()["auth_session"], email_code=server.mailbox.code_for(person.email))
    other.redeem(answer.json()["authorization_code"])
    listed = other.api("GET", "/buckler/account/sessions").json()["sessions"]
    assert len(listed) == 2 and sum(1 for s in listed if s["current"]) == 1
    theirs = next(s["id"] for s in listed if not s["current"])
    assert other.api("DELETE", f"/buckler/account/sessions/{theirs}").status_code == 204
    refused = person.api("GET", "/notes")
    assert refused.status_code == 401
    assert refused.headers["Buckler-Problem"] == "session.revoked"
    notice = jwt.decode(refused.json()["session_end"], KeySet.import_key_set(person.tokens["notice_keys"]), algorithms=["ES256"])
    assert notice.header["typ"] == "buckler-session-end+jwt"
    assert notice.claims["sid"] == theirs and notice.claims["jkt"] == person.key.thumbprint()
    assert other.api("GET", "/notes").status_code == 200


@pytest.mark.parametrize("change", ["email", "password"])
def test_a_wrong_password_and_an_unknown_address_answer_alike(server, person, change):
    other = server.device()
    email = person.email if change == "password" else "nobody" + person.email
    answer = other.begin(email, "a wrong password indeed")
    body = answer.json()
    assert answer.status_code == 400 and body["error"] == "insufficient_authorization"
    assert body["code"] == "auth.credentials.mismatch"
    assert body["challenge"]["type"] == "password"
    allowed = {"error", "code", "auth_session", "challenge", "error_uri", "error_description", "request_id"}
    assert set(body) <= allowed and body["challenge"]["methods"] == ["password"]


def test_reset_keeps_the_second_factor_and_ends_other_sessions(server, person):
    other = server.device()
    answer = other.call("POST", "/buckler/account/reset", json={**other.challenge_fields(), "email": person.email})
    assert answer.status_code == 202, answer.text
    code = server.mailbox.code_for(person.email)
    fresh = "an entirely new passphrase"
    answer = other.authorize(auth_session=answer.json()["auth_session"], email_code=code, new_password=fresh)
    assert answer.status_code == 200, answer.text
    assert other.redeem(answer.json()["authorization_code"]).status_code == 200
    assert person.api("GET", "/notes").status_code == 401
