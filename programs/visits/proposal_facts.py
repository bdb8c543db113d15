"""What is told about one proposal beside its words: forum, place, who logged it, who put it right."""

from django.utils.translation import gettext as _

from programs.visits.proposals import LOG, Proposal
from registry.regions.access import reach
from umkm_portal.lib.formats import day, moment, rt_rw

CORRECTIONS_SHOWN = 5


def may_correct(proposal, user):
    """Whether `user` may put it right now."""
    return not proposal.answered_at and reach(user, LOG).covers(proposal.kelurahan_id)


def facts(proposal):
    """[(term, text)] for the pages of one proposal, its last corrections among them."""
    where = ", ".join(filter(None, [rt_rw(proposal.rt, proposal.rw), proposal.kelurahan.place]))
    forum = f"{proposal.get_forum_display()}, {day(proposal.held_on)}"
    return [
        (_("Forum"), f"{forum} · {proposal.place}" if proposal.place else forum),
        (_("Dari"), where),
        (_("Kebutuhan"), proposal.get_need_display()),
        (_("Dicatat"), f"{proposal.told_by.name}, {moment(proposal.told_at)}"),
        *_corrections(proposal),
    ]


def _corrections(proposal):
    if proposal.version == 1:
        return []
    return [
        (_("Diperbaiki"), f"{line.recorded_by.name}, {moment(line.recorded_at)} ({_parts(line)})")
        for line in proposal.corrections()[:CORRECTIONS_SHOWN]
    ]


def _parts(line):
    names = Proposal.CORRECTABLE
    return ", ".join(str(names[part]) for part in line.detail["fields"] if part in names)
