"""The official Python client over stdio, in both protocol eras, through the whole story."""

import asyncio
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "common"))

from mcp import Client, StdioServerParameters, stdio_client  # noqa: E402

import cards  # noqa: E402
import steps  # noqa: E402
from house import BINARY, Answer, House  # noqa: E402
from report import Report  # noqa: E402

ERAS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


def answer_of(result):
    text = "\n".join(it.text for it in result.content if it.type == "text")
    return Answer(bool(result.is_error), text, result.structured_content)


async def cards_of(client):
    tools = (await client.list_tools()).tools
    return [it.model_dump(mode="json", by_alias=True, exclude_none=True) for it in tools]


async def story(mode, house, report):
    said = []
    with tempfile.TemporaryFile("w+") as log:
        server = StdioServerParameters(
            command=BINARY, args=["serve", "--allow-writes", "--log", "trace", *house.arguments()], env=house.environment)
        async with Client(stdio_client(server, errlog=log), mode=mode, read_timeout_seconds=60) as client:

            async def call(tool, **arguments):
                try:
                    answer = answer_of(await client.call_tool(tool, arguments))
                except Exception as error:  # a protocol error is an answer too
                    answer = Answer(True, str(error), None)
                said.append(f"{answer.text}{json.dumps(answer.value)}")
                return answer

            report.check(f"the protocol spoken is {ERAS[mode]}", client.protocol_version == ERAS[mode], client.protocol_version)
            cards.check(await cards_of(client), report.check)
            await steps.tell(call, house, report.check)
        log.seek(0)
        steps.afterwards(house, report.check, log.read() + "".join(said))


async def read_only(mode, report):
    """The built-in sandbox, without a key and without leave to write."""
    with tempfile.TemporaryDirectory() as home:
        server = StdioServerParameters(command=BINARY, args=["serve", "--sandbox"], env={"HOME": home, "PATH": os.environ["PATH"]})
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            cards.check_size(await cards_of(client), report.check)
            found = answer_of(await client.call_tool("list_org_users", {"email": steps.JANE}))
            report.check("the built-in sandbox answers without a key", len(found["records"] or []) == 1, found)
            try:
                refused = answer_of(await client.call_tool("add_page_viewer", {"page_id": "customerpage", "email": steps.NEW}))
            except Exception as error:
                refused = Answer(True, str(error), None)
            report.check("a server that may only look refuses to add and names the setting",
                         refused.refused and "--allow-writes" in refused.text and steps.NOTHING in refused.text, refused)


async def main():
    failed = 0
    for mode in ERAS:
        report = Report(f"python {mode}")
        try:
            with House() as house:
                await story(mode, house, report)
            await read_only(mode, report)
        except Exception:
            report.crashed("the story is told to its end")
        failed += report.failed
    sys.exit(1 if failed else 0)


asyncio.run(main())
