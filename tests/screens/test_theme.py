"""The theme keeps its contrasts, and no template needs more than the content policy allows."""

import re
from pathlib import Path

import pytest

from lib.fonts import CUTS, code_points

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static" / "css" / "theme.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

TEXT, EDGE = 4.5, 3.0
PENS = ("pen1", "pen2", "pen3")
STATES = ("pass", "referral", "incomplete", "provisional", "danger")
# What stands on what, and how much it must stand out.
PAIRS = [
    *((ink, desk, TEXT) for ink in ("ink", "muted") for desk in ("page", "surface", "sunken")),
    *((pen, desk, TEXT) for pen in PENS for desk in ("surface", "page", f"{pen}-tint")),
    *((state, desk, TEXT) for state in STATES for desk in ("surface", f"{state}-tint")),
    *(("ink", f"{name}-tint", TEXT) for name in (*PENS, *STATES)),
    ("muted", "pen1-tint", TEXT),
    ("pen1", "sunken", TEXT),
    ("pen1-hover", "surface", TEXT),
    ("pen1-hover", "pen1-tint", TEXT),
    ("provisional", "provisional-stripe", TEXT),
    ("ink", "provisional-stripe", TEXT),
    *(("on-pen", button, TEXT) for button in ("pen1", "pen1-hover", "pen2", "danger")),
    ("on-hold", "hold", TEXT),
    ("ink", "mark", TEXT),
    ("risk-medium", "surface", TEXT),
    *(("field", desk, EDGE) for desk in ("surface", "page")),
    *(("focus", desk, EDGE) for desk in ("surface", "page", "sunken", "pen1-tint")),
]


def variables(selector: str) -> dict[str, str]:
    """Return the colours that the first block of that selector sets."""
    block = re.search(rf"^\s*{re.escape(selector)} \{{([^}}]*)\}}", CSS, re.MULTILINE)
    assert block, f"{selector} is not in the theme"
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block.group(1)))


LIGHT = variables(":root, [data-bs-theme=light]")
DARK = variables("[data-bs-theme=dark]")


def luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance of an sRGB colour."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: contrast ratio of two colours.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_stands_out(theme: dict[str, str], front: str, back: str, least: float) -> None:
    assert contrast(theme[front], theme[back]) >= least


def test_both_ways_into_the_dark_are_the_same() -> None:
    assert variables(":root:not([data-bs-theme=light])") == DARK
    assert LIGHT.keys() == DARK.keys()


def test_every_variable_in_use_is_set() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", CSS))
    known = set(re.findall(r"--([\w-]+):", CSS))
    assert used <= known


def test_the_theme_asks_for_the_fonts_that_are_cut() -> None:
    faces = re.findall(r'fonts/([\w-]+\.woff2)".*?unicode-range: ([^;]+);', CSS, re.DOTALL)
    asked = {name: code_points(ranges.replace("U+", "").replace(",", "")) for name, ranges in faces}
    assert asked == {cut.name: code_points(cut.letters) for cut in CUTS if not cut.name.startswith("pdf-")}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_keeps_to_the_content_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style\b", text)
    assert not re.search(r"<script\b(?![^>]*\ssrc=)", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=|hx-on|js:", text)


@pytest.mark.parametrize(
    "path", [*TEMPLATES, *SCRIPTS, ROOT / "static/css/theme.css"], ids=lambda path: path.name
)
def test_nothing_is_loaded_from_another_host(path: Path) -> None:
    addresses = re.findall(
        r"""(?:src|href|url|from|import)\s*[=( ]\s*["']?((?:https?:)?//[^"')\s]+)""", path.read_text()
    )
    assert addresses == []
