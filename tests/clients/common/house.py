"""A sandbox, a state folder and a configuration for one story; and what the sandbox saw, which is the truth to compare with."""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import urllib.request

BINARY = os.environ.get("STATUS_ROSTER_BIN", "target/debug/status-roster")
# High enough that no story waits, low enough to be a limit: the window itself is tested elsewhere.
REQUESTS_PER_WINDOW = 600


class House:
    """Use with `with`: everything is gone afterwards."""

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="status-roster-")))
        self._sandbox = subprocess.Popen(
            [BINARY, "sandbox", "--listen", "127.0.0.1:0", "--team-members", "120", "--viewers", "150",
             "--requests-per-window", str(REQUESTS_PER_WINDOW)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._stack.callback(self._stop)
        first = self._sandbox.stdout.readline()
        if not first.startswith("listening on "):
            raise RuntimeError(f"the sandbox did not start: {first!r}")
        self.url = first.removeprefix("listening on ").strip()
        about = self.ask("")["statuspage"]
        self.key = about["api_key"]
        self.page = about["pages"]["audience_specific"]
        self.public_page = about["pages"]["public"]
        self.state = self.folder / "state"
        self.config = self.folder / "config.toml"
        self.config.write_text(
            f'[statuspage]\norganization_id = "{about["organization_id"]}"\nbase_url = "{about["base_url"]}"\n'
            f"requests_per_window = {REQUESTS_PER_WINDOW}\n")
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _stop(self):
        self._sandbox.send_signal(signal.SIGINT)
        try:
            self._sandbox.wait(5)
        except subprocess.TimeoutExpired:
            self._sandbox.kill()
            self._sandbox.wait()
        self._sandbox.stdout.close()

    @property
    def environment(self):
        """What a server needs besides its arguments."""
        return {"STATUSPAGE_API_KEY": self.key, "HOME": str(self.folder), "PATH": os.environ["PATH"]}

    def arguments(self, *more):
        """The arguments of a server on this house's sandbox."""
        return ["--config", str(self.config), "--state-dir", str(self.state), *more]

    def run(self, *arguments):
        """Runs one command of the binary to its end."""
        return subprocess.run(
            [BINARY, *arguments], env=self.environment, capture_output=True, text=True, timeout=60, check=False)

    def ask(self, what):
        """A question to the sandbox's control address."""
        with urllib.request.urlopen(f"{self.url}/__sandbox/{what}", timeout=10) as answer:
            return json.load(answer)

    @property
    def world(self):
        return self.ask("world")["statuspage"]

    @property
    def team(self):
        return {user["id"]: user for user in self.world["users"]}

    def viewers(self, page=None):
        pages = {it["id"]: it for it in self.world["pages"]}
        return {viewer["id"]: viewer for viewer in pages[page or self.page]["viewers"]}

    @property
    def requests(self):
        """Every request that the sandbox received, in order."""
        return self.ask("requests")

    @property
    def writes(self):
        return [it for it in self.requests if it["method"] != "GET"]


class Answer:
    """What a tool answered, whichever client asked."""

    def __init__(self, refused, text, value):
        self.refused = refused
        self.text = text
        self.value = value or {}

    def __getitem__(self, name):
        return self.value.get(name)

    def __repr__(self):
        return f"{'refused ' if self.refused else ''}{self.text[:600]}"


async def gone(process):
    """Waits for a process and gives what it printed."""
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()
