"""Chromium for journeys: one context per person, and everything its console says is kept."""

import shutil

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

# The clock of a test may run far on after somebody has signed in: their second factor is as fresh then.
SHOWN_AT = 4102444800.0  # 2100

LAUNCH = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-sandbox",  # Chromium's own refuses to start as root, as which CI runs
    # No name but this machine's resolves: a page that asks elsewhere fails its test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str:
    """The path of the system's Chromium, without windows where it can be had. Raises LookupError when there is none."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise LookupError("Chromium is missing: apt-get install chromium")


def sign_in(client: Client, person) -> Client:
    """Sign a person in as the sign-in pages would: staff have shown their second factor just now."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    methods = [{"method": "code", "at": SHOWN_AT, "email": person.email}]
    if person.is_staff:
        methods.append({"method": "mfa", "at": SHOWN_AT, "type": "totp"})
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


class Browsers:
    """One browser context per person of a journey."""

    def __init__(self, browser: Browser, url: str):
        self.browser = browser
        self.url = url
        self.complaints: list[str] = []
        self._contexts = []

    def __call__(self, person=None, *, width=1280, javascript=True, dark=False) -> Page:
        """A blank page whose addresses start at this server; signed in when a person is given.

        Below 600 pixels it is a phone with touch. `page.goto("/my/")` opens the home.
        """
        phone = width < 600
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 844 if phone else 900},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        if person is not None:
            cookie = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        context.on("page", self._listen)
        return context.new_page()

    def close(self):
        for context in self._contexts:
            context.close()

    def _listen(self, page: Page):
        answered: set[str] = set()
        # The address of a page itself may well answer 404 or 403: that is what some tests are about.
        page.on("request", lambda request: answered.add(request.url) if request.is_navigation_request() else None)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message, answered))

    def _hear(self, page: Page, message: ConsoleMessage, answered: set[str]):
        expected = message.text.startswith("Failed to load resource") and message.location["url"] in answered
        if message.type in {"error", "warning"} and not expected:
            self.complaints.append(f"{page.url}: {message.text}")


def assert_accessible(page: Page) -> None:
    """No WCAG 2.2 AA violation that axe can find, and no scrolling sideways."""
    # Axe's own preloading of stylesheets stumbles over the admin's @import and reports to the console.
    found = Axe().run(
        page,
        options={"preload": False, "resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG_22_AA}},
    )
    violations = [
        f"{violation['id']}: {violation['help']}: {' '.join(node['html'] for node in violation['nodes'])}"
        for violation in found.response["violations"]
    ]
    assert violations == [], f"{page.url}\n" + "\n".join(violations)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls {wide} pixels sideways"
