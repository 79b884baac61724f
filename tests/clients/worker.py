"""The worker of a quick start, at a portal of the demo: a browser without JavaScript that follows links and sends forms.

    worker.py yes       logs in at the address of the invitation as Nadia Nieuw, types the code, and says yes to what is asked
    worker.py stop      stops it
    worker.py erased    waits until the portal says that the data are erased
    worker.py apply     logs in at $WORKER_PORTAL as Chantal Citer, and applies to the vacancy V-1 of $WORKER_VACANCY_PARTNER
    worker.py withdraw  takes the application back
"""
import html.parser
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

KEPT = pathlib.Path("worker.json")
NAME = "Nadia Nieuw"
AFTER = "0; url="


class Page(html.parser.HTMLParser):
    """A page: its text, its links, its forms, and where it leads whoever has no script."""

    def __init__(self, url, text):
        super().__init__()
        self.url, self.text, self.links, self.forms, self.onward, self.button = url, text, [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "meta" and has.get("http-equiv") == "refresh":
            self.onward = has["content"].removeprefix(AFTER)
        elif tag == "form":
            self.forms.append({"action": has.get("action", self.url), "fields": [], "buttons": {}, "typed": []})
        elif tag == "input" and self.forms and has.get("type") != "file":
            kind, form = has.get("type", "text"), self.forms[-1]
            if kind in ("checkbox", "radio") and "checked" not in has:
                return
            form["fields"].append((has.get("name"), has.get("value") or ""))
            if kind not in ("hidden", "checkbox", "radio"):
                form["typed"].append(has.get("name"))
        elif tag == "button" and self.forms:
            self.button = (has.get("name"), has.get("value") or "", has.get("formaction"))
            self.forms[-1]["buttons"].setdefault(self.button, "")

    def handle_data(self, data):
        if self.button and self.forms:
            self.forms[-1]["buttons"][self.button] += data

    def handle_endtag(self, tag):
        if tag == "button":
            self.button = None

    def link(self, part):
        return next((link for link in self.links if part in link), None)

    def form(self, part):
        return next((form for form in self.forms if part in form["action"]), None)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self):
        self.opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
        self.cookies = json.loads(KEPT.read_text()) if KEPT.exists() else {}

    def open(self, url, fields=None, origin=None):
        for _ in range(12):
            place = urllib.parse.urlsplit(url)
            site = f"{place.scheme}://{place.netloc}"
            request = urllib.request.Request(url, None if fields is None else urllib.parse.urlencode(fields).encode())
            request.add_header("Accept-Language", "nl")
            cookies = self.cookies.setdefault(site, {})
            if cookies:
                request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
            if fields is not None:
                request.add_header("Origin", origin or site)
            try:
                reply = self.opener.open(request, timeout=30)
            except urllib.error.HTTPError as error:
                reply = error
            for line in reply.headers.get_all("Set-Cookie", []):
                name, value = line.split(";")[0].split("=", 1)
                cookies[name] = value
                if "max-age=0" in line.lower() or not value:
                    cookies.pop(name)
            text = reply.read().decode()
            KEPT.write_text(json.dumps(self.cookies))
            if 300 <= reply.status < 400:
                url, fields, origin = urllib.parse.urljoin(url, reply.headers["Location"]), None, None
                continue
            assert reply.status < 400, f"{url}: {reply.status}\n{text}"
            page = Page(url, text)
            if not page.onward:
                return page
            url, fields, origin = urllib.parse.urljoin(url, page.onward), None, None
        raise AssertionError(f"{url} leads on and on")

    def send(self, page, form, button=None, **typed):
        pressed = next((known for known, says in form["buttons"].items() if button is None or button in (known[1], says) or button in says), None)
        assert pressed, f"{page.url} has no button {button}: {form}"
        fields = [(name, typed.get(name, value)) for name, value in form["fields"] if name]
        if pressed[0]:
            fields.append(pressed[:2])
        site = urllib.parse.urlsplit(page.url)
        return self.open(urllib.parse.urljoin(page.url, pressed[2] or form["action"]), fields, f"{site.scheme}://{site.netloc}")


def yes(browser):
    made = json.loads(pathlib.Path("invitation-made.json").read_text())
    page = browser.open(made["url"])
    while page.form("/portal/invitation") is None:
        form = page.form("/authorize")
        page = browser.send(page, form, NAME) if form else browser.open(urllib.parse.urljoin(page.url, page.link("/portal/login") or page.link("/portal/invitation")))
    form = page.form("/portal/invitation")
    page = browser.send(page, form, **{name: made["code"] for name in form["typed"]})
    asked = 0
    while True:
        home = browser.open(urllib.parse.urljoin(page.url, "/portal"))
        request = home.link("/portal/requests/")
        if request is None:
            break
        page = browser.open(urllib.parse.urljoin(home.url, request))
        page = browser.send(page, page.form("/portal/share/give"), "yes")
        asked += 1
    assert asked, f"nothing is asked of the worker:\n{home.text}"
    print(f"the worker said yes to {asked}")


def stop(browser):
    made = json.loads(pathlib.Path("invitation-made.json").read_text())
    stopped = 0
    while True:
        page = browser.open(urllib.parse.urljoin(made["url"], "/portal"))
        form = next((form for form in page.forms if "/portal/consents/" in form["action"] and form["action"].endswith("/withdraw")), None)
        if form is None:
            break
        browser.send(page, form)
        stopped += 1
    assert stopped, f"there is nothing to stop:\n{page.text}"
    print(f"the worker stopped {stopped}")


def erased(browser):
    made = json.loads(pathlib.Path("invitation-made.json").read_text())
    for _ in range(100):
        page = browser.open(urllib.parse.urljoin(made["url"], "/portal/erasures"))
        if "mark-good" in page.text and "mark-there" not in page.text:
            print("the worker sees that it is erased")
            return
        time.sleep(0.2)
    raise AssertionError(page.text)


def apply(browser):
    portal = os.environ["WORKER_PORTAL"]
    origin = portal.removesuffix("/portal")
    page = browser.open(f"{portal}/login")
    browser.send(page, page.form("/authorize"), "Chantal Citer")
    page = browser.open(f"{portal}/work?text=lasser+constructie")
    wanted = {("partner", os.environ["WORKER_VACANCY_PARTNER"]), ("key", "V-1")}
    # What she wishes besides may leave it out: she looks without one wish after the other.
    pages = [page, *(browser.open(urllib.parse.urljoin(page.url, link)) for link in page.links if "without=" in link)]
    page, found = next(((page, form) for page in pages for form in page.forms if wanted <= set(form["fields"])), (page, None))
    assert found, f"the vacancy is not found by its words:\n{page.text}"
    page = browser.send(page, found)
    hidden = [(name, value) for name, value in page.form("/portal/apply/check")["fields"] if name not in ("field", "motivation")]
    picked = [("field", "/title"), ("field", "/skills"), ("motivation", "Ik woon vlakbij, en las graag.")]
    page = browser.open(f"{origin}/portal/apply/check", hidden + picked)
    browser.open(f"{origin}/portal/apply/send", page.form("/portal/apply/send")["fields"] + [("answer", "yes")])
    print("the worker applied")


def withdraw(browser):
    page = browser.open(os.environ["WORKER_PORTAL"] + "/applications")
    browser.send(page, next(form for form in page.forms if form["action"].endswith("/withdraw")))
    print("the worker took it back")


{"yes": yes, "stop": stop, "erased": erased, "apply": apply, "withdraw": withdraw}[sys.argv[1]](Browser())
