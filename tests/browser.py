"""The browser of the suite: the system's Chromium against the live server, watched while it works.

    @pytest.mark.browser
    def test_petugas_finds_the_shop(live, petugas):
        page = live.open("/usaha/", user=petugas, size="phone", scheme="dark")
        page.get_by_label("Cari").fill("tempe")
        assert axe(page) == []

`live.open` gives an ordinary Playwright page. A script error, a breach of the Content-Security-Policy, a
missing style or picture and every answer of 500 fail the test when it ends, unless `live.problems` was
read and cleared. A user may be given per page, so several people can take part in one journey.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

# The shell draws the same pages without the windows around them: three fifths of the work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1366, "height": 768}}
ARGS = [
    "--no-sandbox",  # containers and root; the only pages opened are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium():
    """One browser per worker. Playwright leaves an event loop running, which Django would object to."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Live:
    """The running site as people with browsers meet it."""

    def __init__(self, browser, url):
        self.browser = browser
        self.url = url
        self.problems = []
        self._contexts = []

    def open(
        self, path="/", *, user=None, size="desktop", scheme="light", javascript=True, language="id-ID",
        workers=False, url=None,
    ):  # fmt: skip
        """A page showing `path`, in a browser of its own: signed in as `user`, on a phone or a desktop.

        `workers` lets service workers run. `url` is another way to the same site, as over a line of its own.
        """
        context = self.browser.new_context(
            base_url=url or self.url,
            viewport=SIZES[size],
            has_touch=size == "phone",
            color_scheme=scheme,
            reduced_motion="reduce",
            locale=language,
            timezone_id="Asia/Jakarta",
            java_script_enabled=javascript,
            service_workers="allow" if workers else "block",
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        if user is not None:
            self.sign_in(context, user, url)
        page = self.watched(context)
        page.goto(path)
        return page

    def watched(self, context):
        """Another page in a browser that is open already."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.on("response", lambda response: self._answered(page, response))
        return page

    def sign_in(self, context, user, url=None):
        """Give this browser the session of `user`."""
        context.add_cookies([self._session(user, url)])

    def _session(self, user, url=None):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": url or self.url}

    def _heard(self, page, message):
        # What could not be loaded is judged by its answer below: a page may well be meant to be a 404.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"{page.url}: {message.text}")

    def _answered(self, page, response):
        part = response.request.resource_type in {"stylesheet", "script", "image", "font", "manifest"}
        if response.status >= 500 or (part and response.status >= 400):
            self.problems.append(f"{page.url}: {response.status} for {response.url}")

    def close(self):
        for context in self._contexts:
            context.close()


@pytest.fixture
def live(live_server, chromium):
    """The live site; closes its pages at the end and fails on anything the browser complained about."""
    site = Live(chromium, live_server.url)
    yield site
    site.close()
    assert site.problems == []


def axe(page, tags=AXE_TAGS):
    """What axe finds wrong on `page`: one readable line per violation, an empty list when all is well.

    The script goes in through the debugging protocol, which the page's Content-Security-Policy does not
    govern: the policy stays in force and is tested as it is served.
    """
    from axe_playwright_python.base import AXE_FILE_PATH

    session = page.context.new_cdp_session(page)
    try:
        session.send("Runtime.evaluate", {"expression": Path(AXE_FILE_PATH).read_text("utf-8") + ";0"})
        # No preload: axe would read the styles again as if they lay beside the page, and miss their imports.
        options = {"runOnly": tags, "resultTypes": ["violations"], "preload": False}
        found = page.evaluate("options => axe.run(document, options)", options)
    finally:
        session.detach()
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]
