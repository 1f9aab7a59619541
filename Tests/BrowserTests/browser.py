"""Opens pages in headless Chromium and tells what it saw.

Standard input is a JSON object: `axe`, the path of axe.min.js, and `pages`, a list of objects with

    file         the page
    axe          colour schemes to run axe in
    contrast     whether axe measures contrasts, which takes most of its time
    words        pieces of text to look for in what the page shows
    pdf          whether to print it, and look for the words in the print-out
    script       whether the page's script may run; true without it
    steps        a list of things that a reader does, see `act`
    screenshots  a list of {"file", "scheme", "width", "height", "at"}, the latter a selector to scroll to

Standard output is a JSON array with an object a page: `console` (messages and exceptions), `requests` (addresses asked
for besides the page itself), `violations` (of axe), `elements` (what a report has no use for), `overflow` (pixels
beyond a window 360 wide), `missing` and `missingInPrint` (words not found), `painted` (milliseconds until something was seen),
`milliseconds` (until the page was there),
`clipped` (pictures wider than the printed page), `answers` (of the steps that ask).

Only Chromium, chromedriver and pdftotext are needed: the WebDriver protocol is JSON over HTTP.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

# Elements and attributes that could do something; none belongs in a report.
SUSPECTS = """
const found = [];
const tags = 'script[src],iframe,object,embed,link,img,form,video,audio,base,foreignObject,use,image,animate,set';
for (const e of document.querySelectorAll(tags)) found.push(e.tagName);
for (const e of document.querySelectorAll('*')) {
  for (const a of e.attributes) {
    if (/^on/i.test(a.name)) found.push(a.name);
    if (/^(href|src|xlink:href|action)$/i.test(a.name) && !a.value.startsWith('#')) found.push(a.name + '=' + a.value);
    if (a.name === 'style') found.push('style=' + a.value);
    if (a.name === 'href' && a.value.startsWith('#') && !document.getElementById(a.value.slice(1)))
      found.push('dangling ' + a.value);
  }
}
if (document.querySelectorAll('script').length !== 1) found.push('scripts');
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) found.push('twice ' + id);
if ('pwned' in window) found.push('pwned');
return found;
"""

# Pictures that reach beyond the printed page or lie in a box that hides part of them.
CLIPPED = """
const found = [];
for (const e of document.querySelectorAll('svg.timeline, svg.chart')) {
  const r = e.getBoundingClientRect();
  if (r.width > 0 && r.right > document.documentElement.clientWidth + 1) found.push(e.getAttribute('aria-labelledby'));
}
return found;
"""


class Browser:
    def __init__(self, folder):
        self.driver = subprocess.Popen(
            [shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver did not start")
            found = re.search(r"started successfully on port (\d+)", line)
            port = found and found.group(1)
        self.root = f"http://127.0.0.1:{port}"
        arguments = [
            "--headless=new",
            "--no-sandbox",  # the tests run as root in a container
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--font-render-hinting=none",
            "--lang=en",
            f"--user-data-dir={folder}/profile",
        ]
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        self.session = None
        self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]
        # A large page keeps axe busy for a while.
        self.call("POST", "/timeouts", {"script": 240000, "pageLoad": 60000})

    def call(self, method, path, body=None):
        base = self.root if self.session is None else f"{self.root}/session/{self.session}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"}, method=method)
        # A proxy of the environment is not for the machine itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=300) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from None

    def command(self, name, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def script(self, text, *arguments):
        return self.call("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def later(self, text, *arguments):
        return self.call("POST", "/execute/async", {"script": text, "args": list(arguments)})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def view(self, scheme, width, height, media="screen"):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.command(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def close(self):
        try:
            if self.session is not None:
                self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()


def act(browser, step):
    """Does what a reader does, and returns the answer of a step that asks.

    `at` is a selector, and `from` and `to` are shares of the width of its element, from 0 to 1.
    """
    kind = step["do"]
    if kind == "ask":
        return browser.script("return String(" + step["text"] + ")")
    if kind == "go":
        browser.script("location.hash = arguments[0]", step["text"])
        return browser.later("const d = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => d()))")
    if kind == "choose":
        return browser.script(
            "const list = document.querySelector(arguments[0]); list.selectedIndex = Number(arguments[1]);"
            "list.dispatchEvent(new Event('change', {bubbles: true}))", step["at"], step["text"])
    if kind in ("key", "type"):
        browser.script("document.querySelector(arguments[0]).focus()", step["at"])
        keys = [step["text"]] if kind == "key" else list(step["text"])
        for key in keys:
            text = {"text": key} if len(key) == 1 else {}
            browser.command("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
            browser.command("Input.dispatchKeyEvent", type="keyUp", key=key)
        return None
    box = browser.script(
        "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center'});"
        "const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]", step["at"])
    def mouse(kind, share, buttons):
        browser.command("Input.dispatchMouseEvent", type=kind, x=box[0] + box[2] * share, y=box[1] + box[3] / 2,
                        button="left", buttons=buttons, clickCount=1)
    begin, end = step.get("from", 0.5), step.get("to", step.get("from", 0.5))
    mouse("mouseMoved", begin, 0)
    mouse("mousePressed", begin, 1)
    if end != begin:
        mouse("mouseMoved", (begin + end) / 2, 1)
        mouse("mouseMoved", end, 1)
    mouse("mouseReleased", end, 0)


def plain(text):
    """The text without white space and soft hyphens, which layout changes at will."""
    return re.sub(r"[\s\u00ad]+", "", text)


def look(browser, page, axe, folder):
    url = "file://" + os.path.abspath(page["file"])
    browser.log("performance")
    browser.log("browser")
    browser.view("light", 1280, 900)
    browser.command("Emulation.setScriptExecutionDisabled", value=not page.get("script", True))
    browser.call("POST", "/url", {"url": url})
    # Two frames later everything has been laid out and painted. Without scripts no frame calls back.
    if page.get("script", True):
        browser.later("const d = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => d()))")
    result = {"file": page["file"]}
    result["milliseconds"] = browser.script("return Math.round(performance.now())")
    result["painted"] = browser.script(
        "return Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)")
    result["elements"] = browser.script(SUSPECTS)
    browser.view("light", 360, 800)
    result["overflow"] = browser.script("return document.documentElement.scrollWidth - window.innerWidth")
    browser.view("light", 1280, 900)
    browser.script("for (const e of document.querySelectorAll('details')) e.open = true")
    shown = plain(browser.script("return document.body.innerText"))
    result["missing"] = [word for word in page.get("words", []) if plain(word) not in shown]
    result["violations"] = []
    for scheme in page.get("axe", []):
        browser.view(scheme, 1280, 900)
        browser.script(axe + "; window.axe = axe;")
        violations = browser.later(
            # axe would fetch style sheets of files by requests that no browser allows.
            "const d = arguments[1]; axe.run(document, {preload: false, resultTypes: ['violations'], rules: {'color-contrast': "
            "{enabled: arguments[0]}}}).then(r => d("
            "r.violations.map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 200)"
            " + ' ' + (v.nodes[0].failureSummary || '').slice(0, 300))), e => d([String(e)]))",
            page.get("contrast", True),
        )
        result["violations"] += [f"{scheme}: {violation}" for violation in violations]
    # The page as it is opened, without what the checks did to it.
    browser.call("POST", "/url", {"url": "about:blank"})
    browser.call("POST", "/url", {"url": url})
    result["answers"] = [answer for answer in (act(browser, step) for step in page.get("steps", [])) if answer is not None]
    if page.get("steps"):
        browser.call("POST", "/url", {"url": "about:blank"})
        browser.call("POST", "/url", {"url": url})
    for shot in page.get("screenshots", []):
        browser.view(shot.get("scheme", "light"), shot["width"], shot["height"])
        browser.script("window.scrollTo(0, 0); document.querySelector(arguments[0])?.scrollIntoView()", shot.get("at", "html"))
        with open(shot["file"], "wb") as file:
            file.write(base64.b64decode(browser.call("GET", "/screenshot")))
    result["missingInPrint"], result["clipped"] = [], []
    if page.get("pdf"):
        # A4 without its margins is 182 mm wide, which is 688 CSS pixels.
        browser.view("light", 688, 1000, media="print")
        result["clipped"] = browser.script(CLIPPED)
        browser.view("light", 1280, 900, media="")
        pdf = page["pdf"] if isinstance(page["pdf"], str) else os.path.join(folder, "page.pdf")
        answer = browser.command("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        with open(pdf, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
        # Cells of tables stand side by side; in their own order, each is whole.
        text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
        printed = plain(text.replace("\f", ""))
        result["missingInPrint"] = [word for word in page.get("words", []) if plain(word) not in printed]
    result["console"] = [entry["message"] for entry in browser.log("browser")]
    result["requests"] = []
    for entry in browser.log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            address = message["params"]["request"]["url"]
            if message["params"]["documentURL"] == url and address != url:
                result["requests"].append(address)
        if message["method"] == "Runtime.exceptionThrown":
            result["console"].append(str(message["params"]))
    return result


def main():
    task = json.load(sys.stdin)
    with open(task["axe"], encoding="utf-8") as file:
        axe = file.read()
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(folder)
        try:
            results = [look(browser, page, axe, folder) for page in task["pages"]]
        finally:
            browser.close()
    json.dump(results, sys.stdout)


main()
