"""Real hosts, as their users start them, against the built server and a stand-in model: each lists the tools and completes one read.

    python story.py [HOST…]      after scripts/hosts has installed them; prints `ok …` or `not ok …` for each check

Every host has a home of its own, no account, and no address to call but loopback.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

from house import BINARY, House  # noqa: E402
from model import DONE, Model  # noqa: E402
from report import Report  # noqa: E402

MODULES = pathlib.Path(__file__).resolve().parent / "node_modules"
SERVER = "roster"
ROOT = pathlib.Path(__file__).resolve().parents[3]
# Hosts by the names that README gives them.
TITLES = {"gemini-cli": "Gemini CLI", "codex": "Codex", "opencode": "OpenCode", "qwen-code": "Qwen Code"}
TOOL = "list_pages"
QUESTION = "Which status pages are there?"
# A host has done its read within this time, on a slow machine too.
PATIENCE_S = 120
# Answers of the server that a name of the sandbox's world has to be in.
KNOWN_TOOLS = ("find_person", "list_pages", "review_access", "server_status")


class Host:
    """One host: how its home is furnished, and how it is asked."""

    name = ""

    def __init__(self, home, model, server):
        self.home, self.model, self.server = pathlib.Path(home), model, server

    def write(self, path, content):
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    def environment(self):
        return {}

    def servers(self, written):
        """The server as this host's file has it; nothing where README's line is to add it."""
        return {} if self.server is None else {SERVER: written(dict(self.server))}

    def run(self, command):
        """Runs the host and gives its exit status and all that it printed."""
        path = f"{MODULES / '.bin'}:{pathlib.Path(sys.executable).parent}:{pathlib.Path(BINARY).parent}:{os.environ['PATH']}"
        environment = {
            "HOME": str(self.home), "PATH": path, "TERM": "dumb", "NO_COLOR": "1", "CI": "1", "LANG": "C.UTF-8",
            # Nothing but loopback is there for it: whatever else it wants to reach fails at once.
            "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", **self.environment(),
        }
        work = self.home / "work"
        work.mkdir(exist_ok=True)
        process = subprocess.Popen(
            [shutil.which(command[0], path=path) or command[0], *command[1:]], cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True)
        try:
            out, _ = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
            out = f"{out}\n(it did not end within {PATIENCE_S} s)"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, out


class GeminiCli(Host):
    name = "gemini-cli"

    def furnish(self):
        self.write(".gemini/settings.json", {
            "mcpServers": self.servers(lambda it: {**({"httpUrl": it["url"]} if "url" in it else it), "trust": True}),
            "security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}},
            "general": {"enableAutoUpdate": False, "disableAutoUpdate": True},
            "privacy": {"usageStatisticsEnabled": False}, "telemetry": {"enabled": False},
        })

    def environment(self):
        return {"GEMINI_API_KEY": "stand-in", "GOOGLE_GEMINI_BASE_URL": self.model.url, "GEMINI_CLI_TRUST_WORKSPACE": "true"}

    def lists(self):
        return ["gemini", "mcp", "list"]

    def asks(self):
        # A model that is named is not chosen by another model first.
        return ["gemini", "--model", "gemini-2.5-flash", "--yolo", "--prompt", QUESTION]


class QwenCode(Host):
    name = "qwen-code"

    def furnish(self):
        self.write(".qwen/settings.json", {
            "mcpServers": self.servers(lambda it: {**({"httpUrl": it["url"]} if "url" in it else it), "trust": True}),
            "security": {"auth": {"selectedType": "openai"}, "folderTrust": {"enabled": False}},
            "general": {"enableAutoUpdate": False, "disableAutoUpdate": True},
            "privacy": {"usageStatisticsEnabled": False}, "telemetry": {"enabled": False},
            "model": {"name": "stand-in"},
        })

    def environment(self):
        return {"OPENAI_API_KEY": "stand-in", "OPENAI_BASE_URL": f"{self.model.url}/v1", "OPENAI_MODEL": "stand-in"}

    def lists(self):
        return ["qwen", "mcp", "list"]

    def asks(self):
        return ["qwen", "--yolo", "--prompt", QUESTION]


class Codex(Host):
    name = "codex"

    def furnish(self):
        if self.server is None:
            server = ""
        elif "url" in self.server:
            server = f'[mcp_servers.{SERVER}]\nurl = "{self.server["url"]}"\nstartup_timeout_sec = 60\n'
        else:
            inner = ", ".join(f"{name} = {json.dumps(value)}" for name, value in self.server["env"].items())
            server = (f'[mcp_servers.{SERVER}]\ncommand = {json.dumps(self.server["command"])}\nargs = {json.dumps(self.server["args"])}\n'
                      f"env = {{ {inner} }}\nstartup_timeout_sec = 60\n")
        self.write(".codex/config.toml", (
            'model = "stand-in"\nmodel_provider = "stand-in"\napproval_policy = "never"\nsandbox_mode = "danger-full-access"\n'
            "check_for_update_on_startup = false\n"
            f'[model_providers.stand-in]\nname = "stand-in"\nbase_url = "{self.model.url}/v1"\nwire_api = "responses"\n'
            'env_key = "STAND_IN_KEY"\n[analytics]\nenabled = false\n'
            f"{server}"))

    def environment(self):
        return {"STAND_IN_KEY": "stand-in"}

    def lists(self):
        return ["codex", "mcp", "list"]

    def asks(self):
        return ["codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", QUESTION]


class OpenCode(Host):
    name = "opencode"

    def furnish(self):
        def written(it):
            if "url" in it:
                return {"type": "remote", "url": it["url"], "oauth": False, "enabled": True, "timeout": 60000}
            return {"type": "local", "command": [it["command"], *it["args"]], "environment": it["env"], "enabled": True, "timeout": 60000}

        self.write(".config/opencode/opencode.json", {
            "$schema": "https://opencode.ai/config.json", "autoupdate": False, "share": "disabled",
            "model": "stand-in/stand-in", "small_model": "stand-in/stand-in",
            "provider": {"stand-in": {
                "npm": "@ai-sdk/openai-compatible", "name": "stand-in",
                "options": {"baseURL": f"{self.model.url}/v1", "apiKey": "stand-in"},
                "models": {"stand-in": {"name": "stand-in", "tool_call": True}}}},
            "mcp": self.servers(written),
        })

    def environment(self):
        return {"OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1"}

    @property
    def program(self):
        # Its launcher is put in place by an install script, and none is run here.
        return str(next(iter(sorted(MODULES.glob("opencode-linux-*/bin/opencode")))))

    def lists(self):
        return [self.program, "mcp", "list"]

    def asks(self):
        return [self.program, "run", QUESTION]


HOSTS = {host.name: host for host in (GeminiCli, Codex, OpenCode, QwenCode)}


@contextlib.contextmanager
def over_stdio(house):
    yield {"command": BINARY, "args": house.arguments("serve"), "env": house.environment}


@contextlib.contextmanager
def over_http(house):
    log = (house.folder / "log").open("w+")
    server = subprocess.Popen(
        [BINARY, "serve", "--http", "127.0.0.1:0", *house.arguments()], env=house.environment, stdout=subprocess.DEVNULL, stderr=log)
    try:
        for _ in range(400):
            found = re.search(r"serving over HTTP.* address=(\S+)", (house.folder / "log").read_text(errors="replace"))
            if found:
                break
            time.sleep(0.05)
        else:
            raise RuntimeError("the server did not start")
        yield {"url": f"http://{found[1]}/mcp"}
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def story(kind, transport, where):
    report = Report(f"{kind.name} over {where}")
    with House() as house, transport(house) as server, Model(TOOL, {}) as model, tempfile.TemporaryDirectory() as home:
        names = {page["name"] for page in house.world["pages"]}
        host = kind(home, model, server)
        host.furnish()
        status, out = host.run(host.lists())
        report.check("its list of servers names this one", status == 0 and SERVER in out, (status, out[-2000:]))
        status, out = host.run(host.asks())
        shown = (status, out[-3000:], [it.get("path") for it in model.asked], model.offered[-3000:])
        report.check("the model is told of the tools", all(tool in model.offered for tool in KNOWN_TOOLS), shown)
        report.check("the read reached the sandbox", any(it["method"] == "GET" for it in house.requests), shown)
        passed_on = json.dumps(model.asked[-1]) if model.asked else ""
        report.check("its result reached the model", any(json.dumps(name)[1:-1] in passed_on for name in names), shown)
        report.check("the host showed the model's last words and ended well", status == 0 and DONE in out, shown)
        report.check("nothing was written", not house.writes, house.writes)
    return report.failed


def newcomer(kind):
    """From the program to the first answer: README's line on the sandbox, in a home where the host knows nothing else."""
    report = Report(f"{kind.name} by README's line")
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    line = re.search(rf"^\| {re.escape(TITLES[kind.name])} \| `([^`]+)` \|$", readme, re.M)
    if not report.check("README has a line for it", line):
        return report.failed
    command = line[1].replace("status-roster serve", "status-roster serve --sandbox").split(" ")
    with Model(TOOL, {}) as model, tempfile.TemporaryDirectory() as home:
        host = kind(home, model, None)
        host.furnish()
        began = time.monotonic()
        status, out = host.run([host.lists()[0], *command[1:]])
        report.check("the line is carried out", status == 0, (status, out[-2000:]))
        status, out = host.run(host.asks())
        took = time.monotonic() - began
        passed_on = json.dumps(model.asked[-1]) if model.asked else ""
        shown = (status, out[-3000:], passed_on[-3000:])
        report.check("the sandbox's answer reached the model", "Example Customers" in passed_on, shown)
        report.check("the host showed the model's last words and ended well", status == 0 and DONE in out, shown)
        if kind is GeminiCli:
            status, out = host.run(["gemini", "extensions", "validate", str(ROOT)])
            report.check("it finds gemini-extension.json valid", status == 0 and "successfully validated" in out, (status, out[-2000:]))
    print(f"   {kind.name}: {took:.1f} s from README's line to the first answer", flush=True)
    return report.failed


def main():
    failed = 0
    for name in sys.argv[1:] or HOSTS:
        for where, transport in {"stdio": over_stdio, "HTTP": over_http}.items():
            began = time.monotonic()
            try:
                failed += story(HOSTS[name], transport, where)
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"not ok {name} over {where}: {error!r}")
            print(f"   {name} over {where}: {time.monotonic() - began:.0f} s", flush=True)
        try:
            failed += newcomer(HOSTS[name])
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"not ok {name} by README's line: {error!r}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
