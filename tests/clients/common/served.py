"""A server over HTTP on a house's sandbox, tokens for it of every kind, and an identity provider that signs some of them.

    python served.py COMMAND…    runs a command with a served house's facts in ROSTER_HTTP, as JSON
"""

import contextlib
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from house import BINARY, House

AUDIENCE = "https://roster.example.com/mcp"


class Provider:
    """An identity provider: its metadata, its keys, and tokens by its key."""

    def __enter__(self):
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key())), "kid": "k1", "use": "sig", "alg": "RS256"}
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                found = {
                    "/.well-known/openid-configuration": {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"},
                    "/keys": {"keys": [public]},
                }.get(self.path)
                self.send_response(200 if found else 404)
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def token(self, scope="read write remove", **claims):
        now = int(time.time())
        said = {"iss": self.issuer, "aud": AUDIENCE, "sub": "ann@example.com", "exp": now + 600, "nbf": now - 5, "scope": scope, **claims}
        return jwt.encode(said, self._key, algorithm="RS256", headers={"kid": "k1"})


class Served:
    """Use with `with`. The log is in `log` afterwards."""

    def __init__(self, house):
        self.house = house

    def __enter__(self):
        house = self.house
        self._stack = contextlib.ExitStack()
        self.provider = self._stack.enter_context(Provider())
        house.config.write_text(
            f'{house.config.read_text()}[http]\ntokens_file = "tokens.json"\nrequests_per_minute = 5000\n'
            f'[http.oauth]\nissuer = "{self.provider.issuer}"\naudience = "{AUDIENCE}"\n')
        self.good = self._made("story", "read,write,remove")
        self.reader = self._made("reader", "read")
        self.expired = self._made("late", "read,write,remove")
        tokens = house.folder / "tokens.json"
        content = json.loads(tokens.read_text())
        for row in content["tokens"]:
            if row["name"] == "late":
                row["expires"] = "2026-01-01T00:00:00Z"
        tokens.write_text(json.dumps(content))
        # What must not get in, by what is wrong with it.
        self.bad = {
            "made up": "srt_" + "0" * 64,
            "expired": self.expired,
            "expired, of the identity provider": self.provider.token(exp=int(time.time()) - 60),
            "made for another audience": self.provider.token(aud="https://other.example/mcp"),
            "of another issuer": self.provider.token(iss="https://evil.example"),
        }
        self._log = (house.folder / "log").open("w+")
        self._stack.callback(self._log.close)
        self._server = subprocess.Popen(
            [BINARY, "serve", "--http", "127.0.0.1:0", "--allow-writes", "--log", "trace", *house.arguments()],
            env=house.environment, stdout=subprocess.DEVNULL, stderr=self._log)
        self._stack.callback(self._stop)
        self.url = self._address()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _made(self, name, scopes):
        made = self.house.run("token", "new", "--name", name, "--scopes", scopes, *self.house.arguments())
        if made.returncode:
            raise RuntimeError(made.stderr)
        return made.stdout.strip()

    def _address(self):
        for _ in range(200):
            found = re.search(r"serving over HTTP.* address=(\S+)", self.log)
            if found:
                return f"http://{found[1]}/mcp"
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.log[-2000:]}")

    def _stop(self):
        self._server.send_signal(signal.SIGTERM)
        try:
            self.exit_status = self._server.wait(15)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self.exit_status = self._server.wait()

    @property
    def log(self):
        return (self.house.folder / "log").read_text(errors="replace")

    def ask(self, token):
        """A plain request with a token: the status, and what the server says is missing."""
        request = urllib.request.Request(
            self.url, data=b'{"jsonrpc":"2.0","id":1,"method":"ping"}',
            headers={"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                     **({"Authorization": f"Bearer {token}"} if token else {})})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("WWW-Authenticate", "")

    def doors(self, check):
        """What every client meets alike: who is refused, with which words of RFC 6750 and RFC 9728."""
        metadata = "/.well-known/oauth-protected-resource/mcp"
        status, challenge = self.ask(None)
        check("nobody gets in without a token, and is told where to get one",
              status == 401 and metadata in challenge and "error=" not in challenge, (status, challenge))
        for what, token in self.bad.items():
            status, challenge = self.ask(token)
            check(f"a token that is {what} is refused", status == 401 and 'error="invalid_token"' in challenge, (status, challenge))
        status, challenge = self.ask(self.provider.token("openid"))
        check("a token without any scope of ours is refused as too poor",
              status == 403 and 'error="insufficient_scope"' in challenge and "scope=" in challenge, (status, challenge))
        with urllib.request.urlopen(self.url.removesuffix("/mcp") + metadata, timeout=10) as answer:
            said = json.load(answer)
        check("the metadata names the identity provider", said["authorization_servers"] == [self.provider.issuer], said)
        check("and the one resource there is", said["resource"] == self.url, said)

    def afterwards(self, check, said):
        """No token in anything that was said, logged or written. Call when the server has ended."""
        check("the server ended with 0", self.exit_status == 0, self.exit_status)
        tokens = [self.good, self.reader, *self.bad.values()]
        check("no token is in what was said or logged", not [it for it in tokens if it in said + self.log])
        written = [it for it in self.house.state.rglob("*") if it.is_file()] + [self.house.folder / "tokens.json"]
        leaks = [str(it) for it in written if any(token in it.read_text(errors="replace") for token in tokens)]
        check("nor in a file that was written", not leaks, leaks)


def main():
    with House() as house, Served(house) as served:
        facts = {
            "url": served.url, "sandbox": house.url, "key": house.key, "good": served.good, "reader": served.reader,
            "provided": served.provider.token(), "providedReader": served.provider.token("read"), "bad": served.bad,
        }
        return subprocess.run(sys.argv[1:], env={**os.environ, "ROSTER_HTTP": json.dumps(facts)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
