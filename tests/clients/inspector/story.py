"""The MCP Inspector's command line, in both protocol eras, through the whole story.

It starts a server for every call: what makes it one story is the state folder that the servers share.
"""

import asyncio
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "common"))

import cards  # noqa: E402
import steps  # noqa: E402
from house import BINARY, Answer, House, gone  # noqa: E402
from report import Report  # noqa: E402

INSPECTOR = [str(HERE.parent / "node" / "node_modules" / ".bin" / "mcp-inspector"), "--cli"]
REFUSED = 5


async def inspect(house, era, *arguments):
    server = [BINARY, "serve", "--allow-writes", *house.arguments()]
    # The Inspector gives a server only what it is told to.
    given = [part for name, value in house.environment.items() for part in ("-e", f"{name}={value}")]
    process = await asyncio.create_subprocess_exec(
        *INSPECTOR, "--protocol-era", era, "--format", "json", *given, *arguments, "--", *server,
        env={**house.environment, "MCP_INSPECTOR_SECRET_STORE": "memory"}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    return await gone(process)


def result_of(out):
    printed = json.loads(out)
    return printed.get("result", printed)


async def story(era, house, report):
    said = []
    code, out, err = await inspect(house, era, "--method", "tools/list", "--strict")
    report.check("the strict check of the schemas finds nothing", code == 0, (code, err[-600:]))
    cards.check(result_of(out)["tools"], report.check)

    async def call(tool, **arguments):
        code, out, err = await inspect(
            house, era, "--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        said.append(out + err)
        try:
            result = result_of(out)
        except ValueError:
            return Answer(code != 0, out + err, None)
        text = "\n".join(it.get("text", "") for it in result.get("content", []))
        return Answer(code != 0 or bool(result.get("isError")), text or err, result.get("structuredContent"))

    await steps.tell(call, house, report.check, one_server=False)
    steps.afterwards(house, report.check, "".join(said))


async def main():
    failed = 0
    for era in ("legacy", "modern"):
        report = Report(f"inspector {era}")
        try:
            with House() as house:
                await story(era, house, report)
        except Exception:
            report.crashed("the story is told to its end")
        failed += report.failed
    sys.exit(1 if failed else 0)


asyncio.run(main())
