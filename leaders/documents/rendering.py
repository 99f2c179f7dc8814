"""From a template to a PDF/UA-1 file. Nothing else in the project knows WeasyPrint."""

from functools import cache
from io import BytesIO
from pathlib import Path
from unicodedata import category, normalize

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from .registry import Source

# Where relative addresses in templates and style sheets lead: a place that does not exist, answered below.
STATIC = "https://static.invalid/"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2"}
# Letters of Yoruba, Igbo and Vietnamese names that our fonts hold as a letter and its marks, not as one.
IN_PARTS = {code: normalize("NFD", chr(code)) for code in range(0x1EA0, 0x1EFA)}
# Pictures, their joiners and skin tones: of these paper shows a crossed box, unless our fonts hold them.
SYMBOLS = frozenset(("So", "Sk", "Cs", "Co", "Cn"))
JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
FONTS = (
    "source-sans-3-latin-wght-normal", "source-sans-3-latin-ext-wght-normal",
    "source-serif-4-latin-wght-normal", "source-serif-4-latin-ext-wght-normal",
)  # fmt: skip


class PdfUnavailable(Exception):
    """This machine lacks the libraries that WeasyPrint needs; the message says which."""


def render(source: Source) -> bytes:
    """The PDF of `source`; see `to_pdf`."""
    return to_pdf(render_to_string(source.template, {"title": source.title, **source.context}))


def to_pdf(html: str) -> bytes:
    """PDF/UA-1 of a page that extends documents/base.html: tagged, with its language, its title and our own fonts.

    It reads our static files and nothing else: a page that asks for more is not rendered, it raises WeasyPrint's
    FatalURLFetchingError. Raises PdfUnavailable where WeasyPrint cannot run.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError as error:
        raise PdfUnavailable("PDFs need libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.") from error

    class StaticFilesOnly(URLFetcher):
        def fetch(self, url, headers=None):
            path = static_file(url)
            if path is None:
                raise FatalURLFetchingError(f"A document may not read {url[:80]}")
            return URLFetcherResponse(url, BytesIO(path.read_bytes()), {"Content-Type": TYPES[path.suffix]})

    page = HTML(string=without_pictures(html.translate(IN_PARTS)), base_url=STATIC, url_fetcher=StaticFilesOnly())
    return page.write_pdf(pdf_variant="pdf/ua-1")


def without_pictures(html: str) -> str:
    """Without the symbols that our fonts cannot print, such as emoji. Letters of every script stay."""
    return "".join(
        letter for letter in html
        if letter.isascii() or ord(letter) in _printable()
        or not (letter in JOINERS or category(letter) in SYMBOLS)
    )  # fmt: skip


@cache
def _printable() -> frozenset[int]:
    """What our own fonts hold."""
    from fontTools.ttLib import TTFont

    held: set[int] = set()
    for name in FONTS:
        if path := finders.find(f"fonts/{name}.woff2"):
            with TTFont(path, lazy=True) as font:
                held.update(font.getBestCmap())
    return frozenset(held)


def static_file(url: str) -> Path | None:
    """The static file behind an address under STATIC, or None for everything else."""
    address = url.partition("?")[0].partition("#")[0]
    if not address.startswith(STATIC) or ".." in address or Path(address).suffix not in TYPES:
        return None
    found = finders.find(address.removeprefix(STATIC))
    return Path(found) if found else None
