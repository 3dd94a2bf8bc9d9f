"""A real browser over the built site, which is served on this machine below a sub-path.

Where there is no Chromium or no site these tests are skipped and say so. With REQUIRE_BROWSER=1,
as in continuous integration, they fail instead.
"""

import datetime
import os
from pathlib import Path

import pytest
from kinds import most_complex
from laws import settled
from playwright.sync_api import sync_playwright
from turns import due

from website.browser import CHROMIUM, FLAGS, Quiet, served

HTML = Path(__file__).parents[2] / "_build" / "html"
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.rglob("*.html")
    if HTML / "_static" not in path.parents
)
"""Every page of the site, whoever made it."""
WHOLE = most_complex({page: HTML.joinpath(page).read_text("utf-8") for page in PAGES})


def pytest_generate_tests(metafunc):
    """`page_and_law`: every page, and what it is asked today."""
    if "page_and_law" in metafunc.fixturenames:
        rest = [page for page in PAGES if page not in WHOLE]
        asked = {*WHOLE, *due(rest, datetime.date.today())}
        laws = [(page, "whole" if page in asked else "own") for page in PAGES]
        if metafunc.config.getoption("whole"):
            laws = [(page, "every text") for page in PAGES]
        laws = laws or [("no page", "own")]
        metafunc.parametrize("page_and_law", laws, ids=[page for page, _ in laws])


class BelowBook(Quiet):
    """The site below /book/, and nothing else."""

    def translate_path(self, path):
        prefix = "/book/"
        inside = path[len(prefix) - 1 :] if path.startswith(prefix) else "/outside the site"
        return super().translate_path(inside)


@pytest.fixture(scope="session")
def site():
    """The address of the site, with a slash at its end."""
    if not PAGES:
        refuse("there is no site; run `make site`")
    with served(HTML, BelowBook) as address:
        yield f"{address}book/"


# Not for the session: while Playwright runs, so does its event loop, and the gate has its own.
@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        refuse("there is no Chromium; Debian's package is called chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser, site):
    """A context of Playwright for each set of options.

    An open page keeps its process, in which the next finds files and scripts that have been read:
    so it is opened in half the time.
    """
    known = {}

    def of(**options):
        key = str(sorted(options.items()))
        if key not in known:
            known[key] = browser.new_context(**options)
            known[key].new_page().goto(site + EMPTY)
        return known[key]

    yield of
    for each in known.values():
        each.close()


EMPTY = "llms.txt"  # a page that does nothing of itself


class Visit:
    """Opens pages, and hears what they complain of, miss, or ask another host for."""

    def __init__(self, context, site):
        self.context, self.site = context, site
        self.pages, self.problems = {}, []

    def __call__(self, path, width=1280, theme="light", java_script_enabled=True, **options):
        page = self.context(java_script_enabled=java_script_enabled, **options).new_page()
        self.pages[page] = path
        forget(page, self.site)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        listen(page, self.site, self.problems)
        page.goto(self.site + path, wait_until="load")
        if java_script_enabled:
            settled(page)
        return page

    def close(self):
        for page in self.pages:
            page.close()
        self.pages.clear()

    def check(self):
        told = "\n".join(self.problems)
        self.problems.clear()
        assert not told, told


@pytest.fixture
def visit(context, site):
    """visit("index.html", width=375, theme="dark") opens a page in a browser that knows nothing.

    It is settled. When the test ends, whatever the pages complained of, missed, or asked another
    host for is an error. Further arguments go to Playwright's new_context.
    """
    visit = Visit(context, site)
    yield visit
    visit.close()
    visit.check()


@pytest.fixture(scope="module")
def last(context, site):
    """What `share` has opened last."""
    last = Visit(context, site)
    yield last
    last.close()


@pytest.fixture
def share(last, request):
    """share("index.html") is the page that the test before has asked, if that passed: to open one
    takes longer than to ask it. Its width, its theme and the size of text are as they were left."""

    def opened(path):
        if path not in last.pages.values():
            last.close()
            last(path)
        (page,) = last.pages
        return page

    failed = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed:
        last.close()
    last.check()


def forget(page, site):
    """What other pages have left behind."""
    page.context.clear_cookies()
    whose = {"origin": site.removesuffix("/book/"), "storageTypes": "all"}
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", whose)
    session.detach()


def listen(page, site, problems):
    def request(sent):
        if not sent.url.startswith((site, "data:", "blob:")):
            problems.append(f"asks outside the site: {sent.url}")

    def response(got):
        if got.status >= 400:
            problems.append(f"{got.status}: {got.url}")

    def console(message):
        if message.type in ("error", "warning"):
            problems.append(f"console: {message.text}")

    page.on("request", request)
    page.on("response", response)
    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))


def refuse(reason):
    (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
