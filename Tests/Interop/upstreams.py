"""Two foreign upstreams: Flask, and Node where it is installed. Both say what they received."""
import json
import shutil
import subprocess
import threading

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

NODE_PROGRAM = """
const http = require("http");
const server = http.createServer((req, res) => {
  let body = ""; req.on("data", d => body += d);
  req.on("end", () => {
    res.setHeader("content-type", "application/json");
    res.setHeader("server", "node-upstream");
    res.end(JSON.stringify({ method: req.method, path: req.url, headers: req.headers, raw: req.rawHeaders,
                             trailers: req.trailers, body }));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


class FlaskUpstream:
    name = "flask"

    def __init__(self):
        app = Flask("upstream")

        @app.route("/hostile")
        def hostile():
            answer = Response("{}", content_type="application/json")
            for name, value in [
                ("Buckler-Problem", "session.revoked"), ("DPoP-Nonce", "forged"), ("Alt-Svc", 'h3=":443"'),
                ("Strict-Transport-Security", "max-age=1"), ("Service-Worker-Allowed", "/"),
                ("Clear-Site-Data", '"*"'), ("Server", "hostile"), ("X-Powered-By", "hostile"),
                ("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""), ("Set-Cookie", "mine=1"),
            ]:
                answer.headers.add(name, value)
            return answer

        @app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
        @app.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
        def echo(path):
            return jsonify(
                method=request.method, path=request.full_path.rstrip("?"), body=request.get_data(as_text=True),
                headers={k.lower(): v for k, v in request.headers.items()},
                wsgi={k: v for k, v in request.environ.items() if k.startswith("HTTP_")})

        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


class NodeUpstream:
    name = "node"

    def __init__(self):
        self.process = subprocess.Popen(
            [shutil.which("node"), "-e", NODE_PROGRAM], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def available():
    return [FlaskUpstream] + ([NodeUpstream] if shutil.which("node") else [])
