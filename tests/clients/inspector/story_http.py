"""The MCP Inspector's command line over HTTP, in both protocol eras: list, write, confirm, a prompt, and wrong tokens."""

import asyncio
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "common"))

import cards  # noqa: E402
import steps  # noqa: E402
from house import Answer, House, gone  # noqa: E402
from report import Report  # noqa: E402
from served import Served  # noqa: E402

INSPECTOR = [str(HERE.parent / "node" / "node_modules" / ".bin" / "mcp-inspector"), "--cli"]


async def inspect(served, era, token, *arguments):
    header = ("--header", f"Authorization: Bearer {token}") if token else ()
    process = await asyncio.create_subprocess_exec(
        *INSPECTOR, served.url, "--transport", "http", "--protocol-era", era, "--format", "json", "--stored-auth-only", *header, *arguments,
        env={**served.house.environment, "MCP_INSPECTOR_SECRET_STORE": "memory"}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    return await gone(process)


def result_of(out):
    printed = json.loads(out)
    return printed.get("result", printed)


async def story(era, served, report):
    house, check, said = served.house, report.check, []
    code, out, err = await inspect(served, era, served.good, "--method", "tools/list", "--strict")
    check("the strict check of the schemas finds nothing", code == 0, (code, err[-600:]))
    cards.check(result_of(out)["tools"], check)
    code, out, err = await inspect(served, era, served.good, "--method", "prompts/get", "--prompt-name", "offboard_person", "--prompt-args", f"email={steps.JANE}")
    check("a prompt names the person", code == 0 and steps.JANE in out, (code, err[-600:]))

    async def call(tool, token=served.good, **arguments):
        code, out, err = await inspect(
            served, era, token, "--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        said.append(out + err)
        try:
            result = result_of(out)
        except ValueError:
            return Answer(code != 0, out + err, None)
        text = "\n".join(it.get("text", "") for it in result.get("content", []))
        return Answer(code != 0 or bool(result.get("isError")), text or err, result.get("structuredContent"))

    first = await call("list_org_users", limit=7)
    second = await call("list_org_users", limit=7, cursor=first["next_cursor"])
    both = [it["id"] for it in (first["records"] or []) + (second["records"] or [])]
    check("a cursor goes on in another process of the same caller", len(set(both)) == 14, second)
    foreign = await call("list_org_users", token=served.reader, limit=7, cursor=first["next_cursor"])
    check("and not for another caller", foreign.refused and steps.NOTHING in foreign.text, foreign)
    await steps.add_viewer(call, house, check)
    await steps.remove_viewer(call, house, check)
    before = len(house.requests)
    for what, token in {"missing": None, **served.bad}.items():
        code, out, err = await inspect(served, era, token, "--method", "tools/list")
        check(f"this client gets nothing with a token that is {what}", code != 0, (code, out[:300]))
    check("and no wrong token sent a request on", len(house.requests) == before)
    return "".join(said)


async def main():
    failed = 0
    for era in ("legacy", "modern"):
        report = Report(f"inspector http {era}")
        try:
            with House() as house:
                with Served(house) as served:
                    said = await story(era, served, report)
                served.afterwards(report.check, said)
        except Exception:
            report.crashed("the story is told to its end")
        failed += report.failed
    sys.exit(1 if failed else 0)


asyncio.run(main())
