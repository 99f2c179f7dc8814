"""Ways to use a page: by touch or by keyboard alone, always by what is written on it."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 80


class Finger:
    """Taps and types. `press` and `follow` lead to another page: they wait for this one, then for that one."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, name: str) -> None:
        """The button of this name, or the link that looks like one."""
        self._use(self._named("button", name).or_(self._named("link", name)).first)

    def follow(self, name: str) -> None:
        """The first link whose words hold `name`."""
        self._use(self.page.get_by_role("link", name=name).first)

    def write(self, label: str, words: str) -> None:
        self.page.get_by_label(label).fill(words)

    def choose(self, label: str) -> None:
        """A radio button or a check box."""
        self.page.get_by_label(label, exact=True).check()

    def _named(self, role, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True)

    def _use(self, wanted: Locator) -> None:
        self.page.wait_for_load_state()
        with self.page.expect_navigation():
            wanted.click()


class Keys(Finger):
    """Tab, Enter, Space and letters; the mouse lies in a drawer."""

    def write(self, label, words):
        self._go_to(self.page.get_by_label(label))
        self.page.keyboard.type(words)

    def choose(self, label):
        box = self.page.get_by_label(label, exact=True)
        self._go_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def _use(self, wanted):
        self.page.wait_for_load_state()
        self._go_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _go_to(self, wanted: Locator) -> None:
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {wanted} on {self.page.url}")
