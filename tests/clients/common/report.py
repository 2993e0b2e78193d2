"""One line per check: `ok …` or `not ok …`. scripts/test counts them."""

import sys
import traceback


class Report:
    def __init__(self, client):
        self.client = client
        self.failed = 0

    def check(self, sentence, holds, seen=""):
        """Says whether a sentence is true. `seen` is shown when it is not."""
        if holds:
            print(f"ok {self.client}: {sentence}")
        else:
            self.failed += 1
            print(f"not ok {self.client}: {sentence}\n    seen: {seen!r}")
        return bool(holds)

    def crashed(self, sentence):
        self.failed += 1
        print(f"not ok {self.client}: {sentence}")
        traceback.print_exc(file=sys.stdout)

    def end(self):
        sys.exit(1 if self.failed else 0)
