"""What a client receives by `tools/list`, held to what every host can take."""

import json

FIXED = {"list_org_users", "list_page_access_users", "add_page_viewer", "set_permissions", "remove_user"}
HINTS = {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
# Claude Code cuts a description here.
LONGEST_DESCRIPTION = 2048
# Every tool is sent to the model with every request.
MOST_JSON = 24 * 1024


def check(tools, check):
    names = [it["name"] for it in tools]
    check("the five fixed tools are there", FIXED <= set(names), names)
    check("tools come in one order", names == sorted(names), names)
    check("each has a title and all four hints",
          all((it.get("title") or it["annotations"].get("title")) and HINTS <= set(it["annotations"]) for it in tools),
          [it["name"] for it in tools if not HINTS <= set(it.get("annotations", {}))])
    by_name = {it["name"]: it["annotations"] for it in tools}
    check("only what removes is called destructive or read-only truthfully",
          by_name["list_org_users"]["readOnlyHint"] and not by_name["remove_user"]["readOnlyHint"] and by_name["remove_user"]["destructiveHint"],
          by_name)
    odd = [it["name"] for it in tools
           if it["inputSchema"].get("type") != "object" or it["inputSchema"].get("additionalProperties") is not False
           or {"oneOf", "anyOf", "allOf", "$ref"} & set(it["inputSchema"])]
    check("every input is a plain closed object", not odd, odd)
    check("every tool says what it answers", all(it.get("outputSchema", {}).get("type") == "object" for it in tools))
    long = [it["name"] for it in tools if len(it["description"].encode()) > LONGEST_DESCRIPTION]
    check("no description is cut by a host", not long, long)


def check_size(tools, check):
    """Of the list that a server gives by default: read-only."""
    size = len(json.dumps(tools, separators=(",", ":")).encode())
    check(f"the whole list is under {MOST_JSON} bytes", size < MOST_JSON, size)
