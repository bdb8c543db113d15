"""Acts of this room on several rows at once."""

from umkm_portal.lib.errors import Refused


def renew_many(posts, *, ends_on, by, letter=""):
    """Let each of `posts` run on until `ends_on`, each guarded as one.

    Returns {"renewed": n, "left": [(post, message)]}: what a rule refuses is left as it was, and said.
    """
    renewed, left = 0, []
    for post in posts:
        try:
            post.renew(ends_on=ends_on, by=by, letter=letter)
            renewed += 1
        except Refused as refused:
            left.append((post, refused.message))
    return {"renewed": renewed, "left": left}
