"""Checks the sandbox's SCIM directory with somebody else's idea of SCIM (scim2-tester).

    STATUS_ROSTER_BIN=target/debug/status-roster python tests/it/sandbox/scim_tester.py

or with the address of a sandbox that runs already. The directory is reset first: without Atlassian's own extension, which
`/Schemas` does not name and strict clients refuse, and with so few users that the checks find theirs on the first page.
"""

import os
import subprocess
import sys

from httpx2 import Client, get, post
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

# Where Atlassian departs from what the checks expect, with the reason.
KNOWN = {
    # `active` is true by default: taking it away makes it true, not absent.
    ("check_remove_attribute", "User", "active"),
    # A member's `type` is filled in by the directory, and so differs from what was sent.
    ("check_add_attribute", "Group", "members"),
    ("check_replace_attribute", "Group", "members"),
}


def main(sandbox: str) -> int:
    reset = post(f"{sandbox}/__sandbox/reset", json={"scim": {"extension": "hidden", "users": 20}})
    reset.raise_for_status()
    about = get(f"{sandbox}/__sandbox/").json()["atlassian_scim"]
    base = f"{about['base_url']}/{about['directory_id']}"
    client = SyncSCIMClient(Client(base_url=base, headers={"Authorization": f"Bearer {about['api_key']}"}))
    client.discover()
    results = check_server(client)
    unexpected = 0
    for result in results:
        known = any(
            result.title == title and result.resource_type == kind and f"'{attribute}'" in (result.reason or "")
            for title, kind, attribute in KNOWN
        )
        bad = result.status in (Status.ERROR, Status.CRITICAL) and not known
        unexpected += bad
        why = f": {result.reason}" if bad else " (a known departure)" if known else ""
        print(f"{'not ok' if bad else 'ok'} {result.title} {result.resource_type or ''}{why}")
    post(f"{sandbox}/__sandbox/reset", json={"scim": {"extension": "shown", "users": 180}}).raise_for_status()
    return 1 if unexpected or not results else 0


def on_its_own() -> int:
    sandbox = subprocess.Popen(
        [os.environ["STATUS_ROSTER_BIN"], "sandbox", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    try:
        return main(sandbox.stdout.readline().removeprefix("listening on ").strip())
    finally:
        sandbox.terminate()
        sandbox.wait()


sys.exit(main(sys.argv[1]) if len(sys.argv) > 1 else on_its_own())
