"""What a page costs a reader: bytes and requests, and how soon there is something to see.

    python benchmarks/pages.py

The built site is served as a static host serves it, compressed and to be cached, and opened in
Chromium. Bytes are those that are sent, headers included. The first visit begins with an empty
cache; the next one is of the same reader, after the page before it in the contents. Times are
medians of three visits, on a phone's processor and line: `SLOW`. Takes five minutes.
"""

import gzip
import json
import mimetypes
import statistics
import sys
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from machine import machine
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from sphinx_external_toc.parsing import parse_toc_yaml

from website.browser import CHROMIUM, FLAGS, complete, served
from website.contents import parts

HTML = ROOT / "_build" / "html"
RESULTS = Path(__file__).parent / "results" / "pages.json"
CHAPTERS = "book/activations/"

BARS = {"first_visit": 700_000, "next_visit": 150_000, "paint": 2.0, "drawn": 6.0}
"""For a chapter: bytes, bytes, seconds, seconds."""

SLOW = {"cpu": 4, "bits": 1_600_000, "latency": 150}
"""The processor's slowdown, bits a second each way, and milliseconds to an answer."""

VISITS = 3

DRAWN = "!document.querySelector('.lab') || performance.getEntriesByName('lab-drawn').length"

COMPRESSED = {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}


class Host(SimpleHTTPRequestHandler):
    """A static host: HTTP/1.1, gzip for text, and ten minutes in the cache."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body, kind = path.read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "max-age=600")
        if kind in COMPRESSED:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    names = ["index"] + [n for _, found in parts(parse_toc_yaml(ROOT / "_toc.yml")) for n in found]
    rows = {}
    with served(HTML, Host) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for before, name in zip([names[-1], *names], names, strict=False):
            rows[name] = weigh(browser, site, before, name)
            if name.startswith(CHAPTERS):
                rows[name] |= clock(browser, site, name)
            print(name, rows[name], flush=True)
        chromium = browser.version
        browser.close()
    told = {"machine": machine("playwright", "sphinx-book-theme") | {"chromium": chromium}}
    told |= {"slow": SLOW, "bars": BARS, "pages": rows}
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    show(rows)


def weigh(browser, site, before, name):
    """Bytes and requests, where it is the first page that a reader opens, and where the next."""
    found = {}
    for visit, path in (("first_visit", []), ("next_visit", [before])):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        for earlier in path:
            read(page, f"{site}{earlier}.html")
        received = listen(context, page)
        read(page, f"{site}{name}.html")
        found |= {visit: sum(received), f"{visit}_requests": len(received)}
        context.close()
    return found


def listen(context, page):
    """A list that fills with the bytes of each answer that does not come from the cache."""
    received, cached = [], set()
    session = context.new_cdp_session(page)
    session.send("Network.enable")

    def finished(event):
        if event["requestId"] not in cached:
            received.append(int(event["encodedDataLength"]))

    def answered(event):
        if event["response"].get("fromDiskCache"):
            cached.add(event["requestId"])

    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    return received


def read(page, address):
    """Open a page and scroll to its end, so that all of it is loaded."""
    page.goto(address, wait_until="load")
    complete(page)


def clock(browser, site, name):
    """Seconds to the first paint and to the drawn lab; None where there is no lab."""
    times = [time(browser, f"{site}{name}.html") for _ in range(VISITS)]
    return {
        mark: None if None in seconds else round(statistics.median(seconds), 2)
        for mark, seconds in zip(("paint", "drawn"), zip(*times, strict=True), strict=True)
    }


def time(browser, address):
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    speed = SLOW["bits"] / 8
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": SLOW["latency"],
            "downloadThroughput": speed,
            "uploadThroughput": speed,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW["cpu"]})
    page.goto(address, wait_until="load", timeout=60_000)
    page.wait_for_function(DRAWN, timeout=60_000)
    paint, drawn = page.evaluate("""['first-contentful-paint', 'lab-drawn']
        .map(name => performance.getEntriesByName(name)[0]?.startTime ?? null)""")
    context.close()
    return paint / 1000, drawn and drawn / 1000


def show(rows):
    """The worst chapter against each bar."""
    chapters = {name: row for name, row in rows.items() if name.startswith(CHAPTERS)}
    for what, bar in BARS.items():
        measured = {name: row[what] for name, row in chapters.items() if row[what] is not None}
        if measured:
            name = max(measured, key=measured.get)
            verdict = "holds" if measured[name] <= bar else "MISSED"
            print(f"{what}: at worst {measured[name]:,} ({name}); bar {bar:,}: {verdict}")
        else:
            print(f"{what}: nothing to measure")


if __name__ == "__main__":
    main()
