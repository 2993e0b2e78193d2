"""The administrator's story, step by step, for whichever client can call a tool.

`call(tool, **arguments)` gives an Answer. After each step the sandbox's own world is asked whether it is true, and its log
whether more was sent than was said.
"""

import re

JANE = "jane.doe@example.com"
NEW = "new.viewer@customer.example"
NOTHING = "Nothing was changed."


# The largest `limit`: more than the sandbox has of anything here.
MOST = 200


async def tell(call, house, check, one_server=True):
    """`one_server`: whether all calls reach the same server process. What a cursor goes on with is kept in its memory."""
    piece = 50 if one_server else MOST
    await pages(call, house, check)
    await team(call, house, check, piece)
    await viewers(call, house, check, piece)
    for step in (add_viewer, add_without_effect, roles, remove_viewer, remove_member, nonsense, status):
        await step(call, house, check)
    if not one_server:
        await inherited_cursor(call, check)


async def inherited_cursor(call, check):
    first = await call("list_org_users", limit=7)
    second = await call("list_org_users", limit=7, cursor=first["next_cursor"])
    emails = [{it["email"] for it in answer["records"] or []} for answer in (first, second)]
    check("a cursor of a server that has ended is good in the next one", len(emails[1]) == 7 and not emails[0] & emails[1], second)


async def everything(call, tool, **arguments):
    """Follows the cursor to the end. Gives the records and the answers."""
    records, answers, cursor = [], [], None
    while True:
        answer = await call(tool, **arguments, **({"cursor": cursor} if cursor else {}))
        answers.append(answer)
        records += answer["records"] or []
        cursor = answer["next_cursor"]
        if not cursor or answer.refused or len(answers) > 50:
            return records, answers


async def pages(call, house, check):
    answer = await call("list_pages")
    listed = {it["id"] for it in answer["records"] or []}
    check("every page is listed", listed == {it["id"] for it in house.world["pages"]}, answer)
    answer = await call("list_pages", page_ids=[house.page, house.public_page])
    audience = {it["id"]: it["audience"] for it in answer["records"] or []}
    check("the audience-specific page is known by evidence", audience.get(house.page) == "yes", answer)
    check("a public page has no such evidence", audience.get(house.public_page) == "no_evidence", answer)


async def team(call, house, check, piece):
    first = await call("list_org_users", limit=7)
    check("a limited list has a cursor", len(first["records"] or []) == 7 and first["next_cursor"], first)
    check("and calls itself complete only when it counts everybody", not first["complete"] or first["matched"] == len(house.team), first)
    records, answers = await everything(call, "list_org_users", limit=piece)
    ids = [it["id"] for it in records]
    check("the list gives every team member once", sorted(ids) == sorted(house.team), (len(ids), answers[-1]))
    check("and its end is complete and counts them", answers[-1]["complete"] and answers[-1]["matched"] == len(house.team), answers[-1])
    check("each piece says when it was read", all(it["as_of"] for it in answers), answers[-1])
    one = await call("list_org_users", email=JANE.upper())
    check("an address is found whatever its case", [it["email"] for it in one["records"] or []] == [JANE], one)
    hostile = [it for it in records if re.search("[\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008\u001b\U000e0000-\U000e007f]", str(it))]
    check("no record holds invisible or control characters", not hostile, hostile[:1])


async def viewers(call, house, check, piece):
    records, answers = await everything(call, "list_page_access_users", page_id=house.page, limit=piece)
    check("the list gives every viewer once", sorted(it["id"] for it in records) == sorted(house.viewers()), answers[-1])
    before = len(house.requests)
    one = await call("list_page_access_users", page_id=house.page, email=JANE)
    sent = house.requests[before:]
    check("a viewer is found by address", [it["email"] for it in one["records"] or []] == [JANE], one)
    # Whether the search tells upper from lower case is learned once, from the first rows and one more search.
    check("and that takes three requests at most", len(sent) <= 3, sent)


async def add_viewer(call, house, check):
    group = house.world["pages"][0]["groups"][0]["id"]
    asked = {"page_id": house.page, "email": NEW, "group_ids": [group]}
    added = await call("add_page_viewer", **asked)
    check("a viewer is added without a confirmation", added["status"] == "applied" and not added.refused, added)
    stored = [it for it in house.viewers().values() if it["email"] == NEW]
    check("and is there, with the group", len(stored) == 1 and stored[0]["group_ids"] == [group], stored)
    seen = await call("list_page_access_users", page_id=house.page, email=NEW, max_age_s=0)
    check("and is seen in the list", [it["email"] for it in seen["records"] or []] == [NEW], seen)
    before = len(house.writes)
    again = await call("add_page_viewer", **asked)
    check("the same again is `already`", again["status"] == "already", again)
    check("and sends no write", len(house.writes) == before, house.writes[before:])


async def add_without_effect(call, house, check):
    answer = await call("add_page_viewer", page_id=house.public_page, email=NEW)
    check("a viewer of a page that is not audience-specific is `no_effect`", answer["status"] == "no_effect", answer)
    check("and nobody was added there", not [it for it in house.viewers(house.public_page).values() if it["email"] == NEW])


def roles_of(house, email, page):
    """The roles that are on, or nothing when the page cannot be reached."""
    user = next(it for it in house.team.values() if it["email"] == email)
    on = user["permissions"].get(page)
    return None if on is None else sorted(role for role, held in on.items() if held)


def others(house, email, page):
    user = next(it for it in house.team.values() if it["email"] == email)
    return {it: roles for it, roles in user["permissions"].items() if it != page}


async def roles(call, house, check):
    held = await call("get_permissions", email=JANE)
    shown = {it["page_id"]: sorted(it["roles"]) for it in held["pages"] or []}
    check("the roles shown are the roles held", all(roles_of(house, JANE, page) == on for page, on in shown.items()) and house.page in shown, held)

    untouched = others(house, JANE, house.page)
    granted = await call("set_permissions", email=JANE, grant=[{"page_id": house.page, "roles": ["maintenance_manager"]}])
    check("a grant needs no confirmation", granted["status"] == "applied", granted)
    check("and adds to what is held", roles_of(house, JANE, house.page) == ["incident_manager", "maintenance_manager"])
    check("and no other page changes", others(house, JANE, house.page) == untouched)

    revoke = {"email": JANE, "revoke": [{"page_id": house.page, "roles": ["maintenance_manager"]}]}
    before = len(house.writes)
    plan = await call("set_permissions", **revoke)
    check("a revocation is planned first",
          plan["status"] == "confirmation_required" and plan["confirmation_token"] and plan["losses"] and plan["steps"], plan)
    token = plan["confirmation_token"]
    other = await call("set_permissions", email=JANE, revoke=[{"page_id": house.page, "roles": ["incident_manager"]}], confirmation_token=token)
    check("its token is refused for other arguments", other.refused and NOTHING in other.text, other)
    broken = await call("set_permissions", **revoke, confirmation_token="A" + token[1:] if token[0] != "A" else "B" + token[1:])
    check("a token with another first letter is refused", broken.refused and NOTHING in broken.text, broken)
    check("and until then no write was sent", len(house.writes) == before, house.writes[before:])
    done = await call("set_permissions", **revoke, confirmation_token=token)
    check("the same call with the token is applied", done["status"] == "applied", done)
    check("and takes what was named and no more",
          roles_of(house, JANE, house.page) == ["incident_manager"] and others(house, JANE, house.page) == untouched)
    before = len(house.writes)
    replay = await call("set_permissions", **revoke, confirmation_token=token)
    check("a token used again changes nothing and says so", replay.value["status"] == "already" and NOTHING[:-1] in replay.text, replay)
    check("and sends no write", len(house.writes) == before, house.writes[before:])


async def remove_viewer(call, house, check):
    asked = {"system": "statuspage_page", "page_id": house.page, "email": NEW}
    await removed(call, house, check, "a viewer", asked, lambda: not [it for it in house.viewers().values() if it["email"] == NEW])
    seen = await call("list_page_access_users", page_id=house.page, email=NEW, max_age_s=0)
    check("and the list shows nobody", seen["records"] == [] and seen["complete"], seen)


async def remove_member(call, house, check):
    user = sorted(id for id, it in house.team.items() if not it["owner"] and it["email"] != JANE)[0]
    everybody = set(house.team)
    await removed(call, house, check, "a team member", {"system": "statuspage_team", "user_id": user}, lambda: user not in house.team)
    check("and nobody else went", everybody - set(house.team) == {user})


async def removed(call, house, check, who, asked, is_gone):
    before = len(house.writes)
    plan = await call("remove_user", **asked)
    check(f"removing {who} is planned first", plan["status"] == "confirmation_required" and plan["losses"] and plan["expires_at"], plan)
    check("and nothing is sent for the plan but reads", len(house.writes) == before, house.writes[before:])
    done = await call("remove_user", **asked, confirmation_token=plan["confirmation_token"])
    check(f"{who} is removed by the same call with the token", done["status"] == "applied" and is_gone(), done)
    again = await call("remove_user", **asked, confirmation_token=plan["confirmation_token"])
    check("a second use of the token changes nothing and says so", again.value["status"] == "already" and NOTHING[:-1] in again.text, again)
    check("and one write was sent in all", len(house.writes) == before + 1, house.writes[before:])


# The tool, its arguments, and a word that the refusal must hold.
NONSENSE = [
    ("no_such_tool", {}, "no_such_tool"),
    ("list_page_access_users", {}, "page_id"),
    ("list_page_access_users", {"page_id": "a/../b"}, "id"),
    ("list_page_access_users", {"page_id": "%2e%2e"}, "id"),
    ("get_permissions", {"user_id": "../users"}, "id"),
    ("get_permissions", {}, "user_id"),
    ("list_org_users", {"e_mail": "jane"}, "e_mail"),
    ("list_org_users", {"name": ["jane"]}, "name"),
    ("list_org_users", {"cursor": "forged"}, "cursor"),
    ("add_page_viewer", {"page_id": "p", "email": "not an address"}, "address"),
    ("set_permissions", {"user_id": "u", "grant": [{"page_id": "p", "roles": ["owner"]}]}, "owner"),
    ("remove_user", {"system": "everything", "user_id": "u"}, "everything"),
    ("remove_user", {"system": "statuspage_team", "user_id": "u", "force": True}, "force"),
]


async def nonsense(call, house, check):
    before = len(house.requests)
    for tool, arguments, word in NONSENSE:
        answer = await call(tool, **arguments)
        check(f"`{tool}` with {arguments} is refused and names the fault", answer.refused and word in answer.text, answer)
        if tool != "no_such_tool":
            check("and says that nothing was changed", NOTHING in answer.text, answer)
    check("none of this sent a request", len(house.requests) == before, house.requests[before:])


async def status(call, house, check):
    before = len(house.requests)
    answer = await call("server_status")
    check("the server tells its mode", answer["mode"] == "write" and not answer["sandbox"], answer)
    check("without sending a request", len(house.requests) == before)
    report = house.ask("report")
    check("no request broke a limit, came unpaginated or without the key",
          report["rejected"] == 0 and report["unpaginated_hits"] == 0 and report["unauthenticated"] == 0, report)


def afterwards(house, check, seen):
    """What is on disk, and that the key is in nothing that anybody could read. `seen` is all that the client and the log hold."""
    verified = house.run("audit", "verify", *house.arguments())
    check("the record of changes is whole", verified.returncode == 0, verified)
    records = house.state / "audit.jsonl"
    lines = records.read_text()
    check("it holds the changes", NEW in lines and lines.count("\n") >= 8, lines[-400:])
    check("and nobody else may read it", records.stat().st_mode & 0o777 == 0o600, oct(records.stat().st_mode))
    leaks = [str(it) for it in house.folder.rglob("*") if it.is_file() and house.key in it.read_text(errors="replace")]
    check("the key is in no file that was written", not leaks, leaks)
    check("and in nothing that was said or logged", house.key not in seen)
