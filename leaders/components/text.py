"""Text as people paste and write it, made plain without losing a word."""

import re
import unicodedata

# The C1 range is never meant: it is Windows-1252 read as Latin-1, so \x93 was a quotation mark.
_WINDOWS = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0) if code != 0x85}
_NEWLINES = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
        ),
        # Word's bullets and tick boxes live in the private area of its symbol fonts.
        **dict.fromkeys("\uf0b7\uf0a7\uf076\uf0d8", "•"),
        "\uf0fc": "✓",
        # Invisible: soft hyphen, zero-width space, word joiner, byte-order mark, object placeholder.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffc"),
        **_WINDOWS,
        **{code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n"},
        **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    }
)


def clean_pasted(text: str) -> str:
    """Text from Word, Outlook or a PDF with plain spaces, plain line ends and no control characters.

    Letters, accents, curly quotation marks, dashes and emoji stay; nothing visible is lost. Idempotent.
    """
    return unicodedata.normalize("NFC", _NEWLINES.sub("\n", text).translate(_PLAIN))


def count_words(text: str) -> int:
    """Words as the browser's counter shows them: runs without white space, so that both always agree."""
    return len(clean_pasted(text).split())


def with_article(words: str) -> str:
    """An Assistant Director, a Head of Service: by the first letter, as job titles are spoken."""
    return f"{'an' if words[:1].lower() in set('aeiou') else 'a'} {words}"


def initials(name: str) -> str:
    """AM for Amara Mensah: the first letters of the first and the last word, capitalised."""
    words = [letters for word in name.split() if (letters := [c for c in word if c.isalnum()])]
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(letters[0].upper()[0] for letters in ends)


def lower_first(text: str) -> str:
    """The text for the middle of a sentence: Your name -> your name, but NHS number and I stay."""
    word = text.split(" ", 1)[0]
    return text if word == "I" or any(c.isupper() for c in word[1:]) else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends in one of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
