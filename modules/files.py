"""Which files may be offered as module materials, told by what is in them and never by their name alone."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.core.files import File

from leaders.people.refusals import NotPossible

MAX_SIZE = 20 * 1024 * 1024
WELCOME = "PDF, Word, PowerPoint, Excel, JPEG or PNG"

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    ".pdf": "application/pdf",
    ".docx": OFFICE + "wordprocessingml.document",
    ".pptx": OFFICE + "presentationml.presentation",
    ".xlsx": OFFICE + "spreadsheetml.sheet",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
KINDS = {
    TYPES[".pdf"]: "PDF",
    TYPES[".docx"]: "Word",
    TYPES[".pptx"]: "PowerPoint",
    TYPES[".xlsx"]: "Excel",
    TYPES[".jpg"]: "JPEG picture",
    TYPES[".png"]: "PNG picture",
}
STARTS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
FOLDERS = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/"}


@dataclass(frozen=True)
class Accepted:
    """A file that may be kept: its type, and whatever name it had as one that is safe to offer again."""

    content_type: str
    filename: str


def check(file: BinaryIO | File, *, name: str, size: int) -> Accepted:
    """Accept a file whose size, name and content agree. Raises NotPossible with what to do instead."""
    extension = PurePath(name).suffix.lower()
    if size == 0:
        raise NotPossible("The file is empty; choose another.")
    if size > MAX_SIZE:
        raise NotPossible(
            f"The file has {size / 1024 / 1024:.0f} MB; it must be {MAX_SIZE // 1024 // 1024} MB or smaller. "
            "Share a link to it instead."
        )
    if extension not in TYPES:
        raise NotPossible(f"Choose a {WELCOME} file, or share a link instead.")
    if not (_is_office(file, extension) if extension in FOLDERS else _starts(file, STARTS[extension])):
        raise NotPossible(
            f"The file is called {extension} but its content is something else, or it holds macros. "
            f"Save it again as {WELCOME} and choose that."
        )
    return Accepted(TYPES[extension], safe_name(name))


def safe_name(name: str) -> str:
    """The last part of a file name with nothing in it that a header or a file system could misread."""
    path = PurePath(name.replace("\\", "/"))
    stem = "".join(c if c.isalnum() or c in " -_." else "-" for c in path.stem).strip(" .-")
    return f"{stem[:80].rstrip(' .-') or 'file'}{path.suffix.lower()}"


def _starts(file: BinaryIO | File, signature: bytes) -> bool:
    file.seek(0)
    found = file.read(len(signature)) == signature
    file.seek(0)
    return found


def _is_office(file: BinaryIO | File, extension: str) -> bool:
    """A zip with the folders of its kind and no macros. The list of contents is read, nothing is unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(FOLDERS[extension]) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )
