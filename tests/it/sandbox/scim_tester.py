"""Checks the sandbox's SCIM directory with somebody else's idea of SCIM.

    status-roster sandbox --listen 127.0.0.1:8123 &
    pip install scim2-tester 'scim2-client' httpx2
    python tests/it/sandbox/scim_tester.py http://127.0.0.1:8123

The directory is reset first: without Atlassian's own extension, which `/Schemas` does not name and strict clients refuse,
and with so few users that the checks find theirs on the first page.
"""

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
    unexpected = []
    for result in results:
        known = any(
            result.title == title and result.resource_type == kind and f"'{attribute}'" in (result.reason or "")
            for title, kind, attribute in KNOWN
        )
        if result.status in (Status.ERROR, Status.CRITICAL) and not known:
            unexpected.append(f"{result.title} {result.resource_type}: {result.reason}")
    print(f"scim2-tester: {len(results)} checks, {len(unexpected)} unexpected failures")
    print("\n".join(unexpected))
    post(f"{sandbox}/__sandbox/reset", json={"scim": {"extension": "shown", "users": 180}}).raise_for_status()
    return 1 if unexpected or not results else 0


sys.exit(main(sys.argv[1]))
