"""The official Python client and fastmcp over HTTP, in both protocol eras: the whole story with a token, and every wrong token."""

import asyncio
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "common"))

import fastmcp  # noqa: E402
import httpx2  # noqa: E402
from fastmcp.client.transports import StreamableHttpTransport  # noqa: E402
from mcp import Client  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402

import cards  # noqa: E402
import steps  # noqa: E402
from house import Answer, House  # noqa: E402
from report import Report  # noqa: E402
from served import Served  # noqa: E402

ERAS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


def bearer(token):
    return {"Authorization": f"Bearer {token}"} if token else {}


def official(url, token, mode, **more):
    transport = streamable_http_client(url, http_client=httpx2.AsyncClient(headers={**bearer(token), **more}, timeout=60))
    return Client(transport, mode=mode, read_timeout_seconds=60)


def fast(url, token, mode, **more):
    return fastmcp.Client(StreamableHttpTransport(url, headers={**bearer(token), **more}), mode=mode, timeout=60)


CLIENTS = {"python": official, "fastmcp": fast}


def words(content):
    return "\n".join(it.text for it in content if it.type == "text")


def caller(client, said):
    async def call(tool, **arguments):
        try:
            if isinstance(client, fastmcp.Client):
                result = await client.call_tool(tool, arguments, raise_on_error=False)
            else:
                result = await client.call_tool(tool, arguments)
            answer = Answer(bool(result.is_error), words(result.content), result.structured_content)
        except Exception as error:  # a protocol error is an answer too
            answer = Answer(True, str(error), None)
        said.append(f"{answer.text}{json.dumps(answer.value)}")
        return answer

    return call


async def listed(client):
    tools = await client.list_tools()
    return [it.model_dump(mode="json", by_alias=True, exclude_none=True) for it in getattr(tools, "tools", tools)]


async def names(make, url, token, mode, **more):
    async with make(url, token, mode, **more) as client:
        return {it["name"] for it in await listed(client)}


async def story(name, make, mode, report):
    said = []
    with House() as house:
        with Served(house) as served:
            served.doors(report.check)
            async with make(served.url, served.good, mode) as client:
                if make is official:
                    report.check(f"the protocol spoken is {ERAS[mode]}", client.protocol_version == ERAS[mode], client.protocol_version)
                cards.check(await listed(client), report.check)
                await prompt(client, report.check)
                await steps.tell(caller(client, said), house, report.check)
            await scopes(make, served, mode, report.check)
            before = len(house.requests)
            for what, token in {"missing": None, **served.bad}.items():
                await refused(make, served.url, token, mode, what, report.check)
            report.check("no wrong token sent a request on", len(house.requests) == before)
            tokens_file = served.house.folder / "tokens.json"
            report.check("the token file is its owner's alone", tokens_file.stat().st_mode & 0o077 == 0)
        served.afterwards(report.check, "".join(said))
        steps.afterwards(house, report.check, served.log.replace(served.good, "") + "".join(said))


async def prompt(client, check):
    prompts = await client.list_prompts()
    known = {it.name for it in getattr(prompts, "prompts", prompts)}
    check("the prompts are listed", "offboard_person" in known, known)
    got = await client.get_prompt("offboard_person", {"email": steps.JANE})
    text = "\n".join(it.content.text for it in got.messages)
    check("a prompt names the person and the tool", steps.JANE in text and "offboard_person" in text, text[:400])


async def scopes(make, served, mode, check):
    everything = await names(make, served.url, served.provider.token(), mode)
    check("an identity provider's token gets in", "remove_user" in everything, everything)
    reader = await names(make, served.url, served.reader, mode)
    check("a reader is shown no tool that changes", "list_org_users" in reader and not {"remove_user", "add_page_viewer"} & reader, reader)
    async with make(served.url, served.reader, mode) as client:
        answer = await caller(client, [])("remove_user", system="statuspage_page", page_id=served.house.page, email=steps.JANE)
        check("and calling one is refused, with the scope that is missing", answer.refused and "`remove` scope" in answer.text, answer)
    narrow = await names(make, served.url, served.good, mode, **{"X-Roster-Tools": "list_pages", "X-Roster-Read-Only": "true"})
    check("a header narrows", narrow == {"list_pages"}, narrow)
    wide = await names(make, served.url, served.reader, mode, **{"X-Roster-Tools": "remove_user"})
    check("and does not widen", wide == set(), wide)


async def refused(make, url, token, mode, what, check):
    try:
        seen = await names(make, url, token, mode)
    except BaseException as error:  # each client wraps it in groups of its own
        if isinstance(error, KeyboardInterrupt):
            raise
        seen = None
    check(f"this client gets nothing with a token that is {what}", seen is None, seen)


async def main():
    failed = 0
    for name, make in CLIENTS.items():
        for mode in ERAS:
            report = Report(f"{name} http {mode}")
            try:
                await story(name, make, mode, report)
            except Exception:
                report.crashed("the story is told to its end")
            failed += report.failed
    sys.exit(1 if failed else 0)


asyncio.run(main())
