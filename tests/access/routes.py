"""Every address of the portal, from the URL resolver, and how to fill in its parts."""

import re
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.table import GROUPS, TABLE


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    parts: tuple  # names of what the address wants filled in
    methods: tuple  # those the API view knows; () for a page, which does not tell

    @property
    def group(self):
        """The rule of a third party's routes that this one falls under, or None."""
        return next((g for g in GROUPS if self.name.startswith(g.prefix)), None)

    @property
    def is_api(self):
        return self.path.startswith("api/")

    def address(self, parts):
        """The address with its parts filled in from {name: value}."""
        filled = re.sub(
            r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()\[]|\[[^]]*\])*\)",
            lambda m: str(parts[m[1] or m[2]]),
            self.path,
        )
        return "/" + re.sub(r"[\^$]", "", filled)

    def suggestion(self):
        """The line to add to the table, as far as the route itself tells."""
        kind = "api" if self.is_api else "page"
        methods = self.methods or ("GET",)
        told = [f"{method}=WHO" for method in methods]
        if self.parts:
            told.append('row="ROW"')
        if set(methods) - {"GET"} or not self.methods:
            told.append("send={...}")
        return f'    "{self.name}": {kind}({", ".join(told)}),  # /{self.path}'


def all_routes(patterns=None, prefix="", namespace=""):
    """Routes in the order of the resolver; the API's come from DRF's routers, extra actions included."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from all_routes(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            path = prefix + str(pattern.pattern)
            named = re.findall(r"<(?:\w+:)?(\w+)>", path)  # also of (?P<name>…)
            yield Route(namespace + (pattern.name or path), path, tuple(named), _methods(pattern.callback))


def _methods(callback):
    view = getattr(callback, "cls", None)
    if view is None:
        return ()
    known = getattr(callback, "actions", None) or [m for m in view.http_method_names if hasattr(view, m)]
    return tuple(m.upper() for m in known if m not in ("options", "head", "trace"))


def missing(routes, table=TABLE):
    """Routes of ours that the table does not name."""
    return [route for route in routes if route.group is None and route.name not in table]


def gone(routes, table=TABLE):
    """Names in the table that no route bears."""
    return sorted(set(table) - {route.name for route in routes})


def named_twice(routes):
    """Names that two of our routes share: one line could not speak for both."""
    names = [route.name for route in routes if route.group is None]
    return sorted({name for name in names if names.count(name) > 1})
