"""testssl.sh judges the development listener, with the development certificate authority added."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time

import pytest
import requests

from conftest import BINARY, free_port

# Findings that are named and explained; everything else above LOW fails.
EXPLAINED = {
    "cipher_order": "on purpose: every suite is AEAD with forward secrecy, and phones without AES hardware pick ChaCha20",
    "OCSP_stapling": "a development certificate has no OCSP responder",
    "cert_revocation": "a development authority revokes nothing; its key is gone",
    "cert_crlDistributionPoints": "the same",
    "cert_ocspURL": "the same",
    "DNS_CAArecord": "localhost has no CAA record",
    "HSTS": "max-age=0 in development: HSTS would cover every port of localhost",
    "HSTS_time": "the same",
    "cert_caIssuers": "the development authority is the issuer",
    "cert_chain_of_trust": "the authority is nobody's but this run's",
}


@pytest.fixture(scope="module")
def development(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"{BINARY.name} is not built")
    folder = tmp_path_factory.mktemp("development")
    port = free_port()
    configuration = folder / "buckler.yaml"
    configuration.write_text(
        f"mode: development\npublic_url: https://localhost:{port}\nlisten: \"127.0.0.1:{port}\"\n"
        f"operations: {{ listen: \"127.0.0.1:{free_port()}\" }}\ndata: {folder}/data\nkeys: {folder}/keys\n"
        f"upstream: {{ url: \"http://127.0.0.1:9\", audience: nobody }}\n")
    log = open(folder / "log", "wb")
    process = subprocess.Popen([BINARY, "serve", "--config", configuration], stdout=log, stderr=log)
    authority = folder / "data" / "dev-ca.pem"
    deadline = time.monotonic() + 30
    while True:
        try:
            if requests.get(f"https://localhost:{port}/health/ready", verify=str(authority), timeout=2).ok:
                break
        except (requests.RequestException, OSError):
            pass
        assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.05)
    yield port, authority
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    log.close()


def test_python_trusts_the_development_authority_for_its_names_only(development):
    port, authority = development
    context = ssl.create_default_context(cafile=authority)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            assert secured.version() == "TLSv1.3"
    for name in ["example.org", "127.0.0.1"]:
        with socket.create_connection(("127.0.0.1", port)) as plain:
            with pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(plain, server_hostname=name)


def test_testssl_finds_nothing_above_low(development, tmp_path):
    program = shutil.which("testssl.sh") or shutil.which("testssl")
    if not program:
        pytest.skip("testssl.sh is not installed")
    port, authority = development
    found = tmp_path / "found.json"
    subprocess.run(
        [program, "--quiet", "--warnings", "off", "--color", "0", "--ip", "127.0.0.1", "--add-ca", str(authority), "--fast",
         "--protocols", "--server-defaults", "--headers", "--vulnerable", "--fs", "--server-preference",
         "--jsonfile", str(found), f"localhost:{port}"],
        env={**os.environ, "TERM": "dumb"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=500)
    results = json.loads(found.read_text())
    assert len(results) > 20, results
    bad = [f"{r['severity']} {r['id']}: {r['finding']}" for r in results
           if r["severity"] in ("MEDIUM", "HIGH", "CRITICAL") and r["id"].split(" ")[0] not in EXPLAINED]
    assert not bad, "\n".join(bad)
