"""A client of Buckler made of foreign parts: requests speaks HTTP, joserfc signs the proofs.

Authlib has no DPoP, so the proof is written here after RFC 9449 §4.2.
"""
import base64
import hashlib
import os
import time
import uuid

import requests
from joserfc import jws
from joserfc.jwk import ECKey
from requests.adapters import HTTPAdapter


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class FromAddress(HTTPAdapter):
    """Connects from an address of its own within 127.0.0.0/8: guessing budgets count per source."""

    def __init__(self):
        self.source = "127.%d.%d.%d" % tuple(1 + byte % 250 for byte in os.urandom(3))
        super().__init__()

    def init_poolmanager(self, *rest, **more):
        super().init_poolmanager(*rest, source_address=(self.source, 0), **more)


class Device:
    """One DPoP key and the nonce that the server gave last."""

    def __init__(self, server, client_id="notes-app"):
        self.server = server
        self.client_id = client_id
        self.key = ECKey.generate_key("P-256")
        self.nonce = None
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = server.ca
        self.http.mount("https://", FromAddress())
        self.verifier = b64url(os.urandom(32))
        self.tokens = {}

    # proofs
    def proof(self, method, url, access_token=None, nonce=None, key=None, header=None, **claims):
        key = key or self.key
        payload = {"jti": str(uuid.uuid4()), "htm": method, "htu": url.split("?")[0], "iat": int(time.time())}
        if nonce or self.nonce:
            payload["nonce"] = nonce or self.nonce
        if access_token:
            payload["ath"] = b64url(hashlib.sha256(access_token.encode()).digest())
        payload.update(claims)
        payload = {name: value for name, value in payload.items() if value is not None}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False, kty="EC")}
        head["jwk"] = {k: head["jwk"][k] for k in ("kty", "crv", "x", "y")}
        head.update(header or {})
        registry = jws.JWSRegistry(algorithms=[head["alg"]], strict_check_header=False)
        import json
        return jws.serialize_compact(head, json.dumps(payload), key, registry=registry)

    def call(self, method, path, access_token=None, headers=None, claims=None, **kwargs):
        """One request with a proof; a fresh nonce is learnt at most once."""
        url = self.server.url + path
        for _ in range(2):
            fields = dict(headers or {})
            fields["DPoP"] = self.proof(method, url, access_token, **(claims or {}))
            if access_token:
                fields["Authorization"] = f"DPoP {access_token}"
            answer = self.http.request(method, url, headers=fields, timeout=20, **kwargs)
            fresh = answer.headers.get("DPoP-Nonce")
            stale = "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "") or (
                answer.status_code == 400 and "use_dpop_nonce" in answer.text)
            if fresh:
                self.nonce = fresh
            if not stale:
                return answer
        return answer

    # flows
    def challenge_fields(self):
        digest = b64url(hashlib.sha256(self.verifier.encode()).digest())
        return {"client_id": self.client_id, "code_challenge": digest, "code_challenge_method": "S256"}

    def authorize(self, **fields):
        return self.call("POST", "/buckler/oauth/authorize-challenge", data={"client_id": self.client_id, **fields})

    def begin(self, email, password=None, **more):
        fields = {"response_type": "code", "username": email, **self.challenge_fields(), **more}
        if password:
            fields["password"] = password
        return self.authorize(**fields)

    def redeem(self, code):
        answer = self.call("POST", "/buckler/oauth/token", data={
            "grant_type": "authorization_code", "code": code, "client_id": self.client_id,
            "code_verifier": self.verifier})
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer

    def refresh(self, token=None, attempt=None, user_idle=0):
        attempt = attempt or b64url(os.urandom(16))
        answer = self.call(
            "POST", "/buckler/oauth/token", claims={"user_idle": user_idle},
            headers={"Idempotency-Key": f'"{attempt}"'},
            data={"grant_type": "refresh_token", "refresh_token": token or self.tokens["refresh_token"],
                  "client_id": self.client_id})
        if answer.status_code == 200:
            self.tokens = {**self.tokens, **answer.json()}
        return answer

    def api(self, method, path, **kwargs):
        return self.call(method, path, access_token=self.tokens["access_token"], **kwargs)

    def sign_up(self, email, password):
        answer = self.call("POST", "/buckler/account/sign-up", json={
            **self.challenge_fields(), "email": email, "password": password})
        assert answer.status_code == 202, answer.text
        code = self.server.mailbox.code_for(email)
        answer = self.authorize(auth_session=answer.json()["auth_session"], email_code=code)
        assert answer.status_code == 200, answer.text
        answer = self.redeem(answer.json()["authorization_code"])
        assert answer.status_code == 200, answer.text
        return self.tokens
