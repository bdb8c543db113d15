"""After `make fuzz`: how each operation of the API answered, gathered from all workers."""

import os
from collections import Counter, defaultdict

from tests.api.world import ROLES


def pytest_terminal_summary(terminalreporter):
    if not int(os.environ.get("FUZZ_CASES", "0")):
        return
    told, asked = defaultdict(Counter), Counter()
    for kind in ("passed", "failed"):
        for report in terminalreporter.stats.get(kind, ()):
            for _name, (operation, statuses, roles) in (p for p in report.user_properties if p[0] == "fuzz"):
                told[operation].update({int(status): n for status, n in statuses.items()})
                asked.update(roles)
    write = terminalreporter.write_line
    write(f"\n{'operation':58} {'cases':>6} {'2xx':>5} {'share':>6}  others")
    for operation, counts in sorted(told.items()):
        good = sum(n for status, n in counts.items() if 200 <= status < 300)
        others = ", ".join(
            f"{status}: {n}" for status, n in sorted(counts.items()) if not 200 <= status < 300
        )
        write(f"{operation:58} {counts.total():6} {good:5} {good / counts.total():6.0%}  {others}")
    write(f"{len(told)} operations, {sum(counts.total() for counts in told.values())} cases")
    write("by role: " + ", ".join(f"{role} {asked[role]}" for role in ROLES))
