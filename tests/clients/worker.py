"""The worker of a quick start: what somebody does at a portal of the demo with a browser, by the forms of its pages."""
import html
import http.cookiejar
import os
import re
import sys
import urllib.parse
import urllib.request

NAME, PORTAL = "Chantal Citer", os.environ["WORKER_PORTAL"]
ORIGIN = PORTAL.removesuffix("/portal")
VACANCY = {"partner": os.environ["WORKER_VACANCY_PARTNER"], "key": "V-1", "title": "Lasser constructie", "by": "Werf en Zoon"}

# As a browser does, cookies that want TLS go to this machine itself without.
cookies = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))


def opened(address, fields=None, headers={}):
    """A page, and where it stands; an error where it is none."""
    body = urllib.parse.urlencode(fields).encode() if fields else None
    with browser.open(urllib.request.Request(address, body, headers)) as reply:
        return reply.read().decode(), reply.url


def hidden(page):
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return [(name, html.unescape(value)) for name, value in fields]


def send(path, fields):
    return opened(ORIGIN + path, fields, {"Origin": ORIGIN})[0]


def log_in():
    choose, address = opened(f"{PORTAL}/login")
    before = choose.split(f"<strong>{NAME}</strong>")[0]
    person = before.split('value="')[-1].split('"')[0]
    opened(address.split("?")[0], [*hidden(choose), ("person", person)])


def apply():
    csrf = dict(hidden(opened(f"{PORTAL}/work")[0]))["csrf"]
    form = send("/portal/apply", {"csrf": csrf, **VACANCY})
    picked = [("field", "/title"), ("field", "/skills"), ("motivation", "Ik woon vlakbij, en las graag.")]
    check = send("/portal/apply/check", [*hidden(form), *picked])
    # The last form of that page changes what was written; the first one sends it.
    first = check.split('action="/portal/apply/send"')[1].split("</form>")[0]
    send("/portal/apply/send", [*hidden(first), ("answer", "yes")])


def withdraw():
    page, _ = opened(f"{PORTAL}/applications")
    path, = re.findall(r'action="(/portal/applications/[^"]+/withdraw)"', page)
    send(html.unescape(path), {"csrf": dict(hidden(page))["csrf"]})


log_in()
{"apply": apply, "withdraw": withdraw}[sys.argv[1]]()
print(f"{NAME}: {sys.argv[1]}", flush=True)
