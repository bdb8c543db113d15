"""The auditor reads words: every act that the code writes to the trail has a sentence."""

import re
from pathlib import Path

from django.conf import settings

from programs.visits.follow_ups import FollowUpNote
from umkm_portal.trail.words import ACTS

WRITTEN = re.compile(r"""audit\.(?:record|line)\(\s*["']([a-z-]+\.[a-z-]+)["']""")


def test_every_act_that_is_written_has_its_words():
    root = Path(settings.BASE_DIR)
    written = {
        act
        for top in ("accounts", "registry", "programs", "umkm_portal")
        for path in (root / top).rglob("*.py")
        for act in WRITTEN.findall(path.read_text("utf-8"))
    }
    written |= {f"follow-up.{act}" for act in FollowUpNote.ACTS}
    assert len(written) > 60
    assert sorted(written - set(ACTS)) == []
