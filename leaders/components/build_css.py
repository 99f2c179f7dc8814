"""Compile the stylesheets and collect the fonts: what `dev css` runs.

Needs Node and npm on the maintainer's machine; the results are committed, so
nobody else does. Run as `python leaders/components/build_css.py`.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "scss"
STATIC = HERE.parents[1] / "static"
FONTS = {
    "source-sans-3": ["source-sans-3-latin-wght-normal", "source-sans-3-latin-ext-wght-normal"],
    "source-serif-4": ["source-serif-4-latin-wght-normal", "source-serif-4-latin-ext-wght-normal"],
}


def build_css(static: Path = STATIC) -> list[Path]:
    """Write css/app.css, css/office.css, js/govuk-frontend.min.js and fonts/ below `static`; return the files.

    Raises CalledProcessError when npm or Sass fails.
    """
    with tempfile.TemporaryDirectory(prefix="leaders-css-") as scratch:
        shutil.copy(SOURCE / "package.json", scratch)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
            cwd=scratch,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        modules = Path(scratch) / "node_modules"
        return [*_stylesheets(modules, static), _script(modules, static), *_fonts(modules, static)]


def _stylesheets(modules: Path, static: Path) -> list[Path]:
    written = []
    for name in ("app", "office"):
        target = static / "css" / f"{name}.css"
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [
                "node",
                modules / "sass" / "sass.js",
                "--style=compressed",
                "--no-source-map",
                "--no-charset",
                "--quiet-deps",
                f"--load-path={modules}",
                SOURCE / f"{name}.scss",
                target,
            ],
            check=True,
        )
        written.append(target)
    return written


def _script(modules: Path, static: Path) -> Path:
    target = static / "js" / "govuk-frontend.min.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    script = (modules / "govuk-frontend/dist/govuk/govuk-frontend.min.js").read_text()
    # The map is not shipped, and the manifest storage would look for it.
    target.write_text(re.sub(r"\n?//# sourceMappingURL=.*\n?", "\n", script))
    return target


def _fonts(modules: Path, static: Path) -> list[Path]:
    target = static / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for family, files in FONTS.items():
        package = modules / "@fontsource-variable" / family
        written += [shutil.copyfile(package / "files" / f"{name}.woff2", target / f"{name}.woff2") for name in files]
        written.append(shutil.copyfile(package / "LICENSE", target / f"OFL-{family}.txt"))
    return written


if __name__ == "__main__":
    for path in build_css():
        sys.stdout.write(f"{path.relative_to(STATIC.parent)}\n")
