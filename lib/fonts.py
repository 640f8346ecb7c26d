"""Cuts the packaged typeface down to the letters and weights that pages and printed sheets use."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SOURCE = "SourceSans3[wght].ttf"
STAMP = "built-from.txt"

# Latin-1 and the punctuation of English text; the browser asks for this one on every page.
LATIN = (
    "20-7E A0-FF 131 152-153 2C6 2DA 2DC 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 2044 "
    "20AC 2122 2190-2193 2212"
)
# Welsh ŵ ŷ and the other Latin alphabets; the browser asks for this one only where it meets such a letter.
LATIN_EXTENDED = "100-130 132-151 154-24F 259 1E00-1E9F 1EF2-1EFF 20A0-20AB 20AD-20C0"
# A sheet is drawn once and kept, so its fonts hold both, the letters of names in Vietnamese, Yoruba or Igbo,
# Greek and Cyrillic, and the signs that forms use.
NAMES = "300-304 306-30C 31B 323-324 328 1EA0-1EF1 370-3FF 400-45F 490-491"
SIGNS = "2194-2199 2260 2264-2265 25A0-25A1 25CB 25CF 2610-2612 2713 2717"
PRINTED = f"{LATIN} {LATIN_EXTENDED} {NAMES} {SIGNS}"


@dataclass(frozen=True, slots=True)
class Cut:
    """One file to make: its name, the letters it keeps, and one weight or a range of them."""

    name: str
    letters: str
    weight: int | tuple[int, int]


CUTS = (
    Cut("source-sans-3-latin.woff2", LATIN, (400, 700)),
    Cut("source-sans-3-latin-ext.woff2", LATIN_EXTENDED, (400, 700)),
    Cut("pdf-source-sans-3-regular.woff2", PRINTED, 400),
    Cut("pdf-source-sans-3-semibold.woff2", PRINTED, 600),
)


def code_points(letters: str) -> set[int]:
    """Return the code points of a list of hexadecimal numbers and ranges.

    >>> sorted(code_points("41-43 20AC"))
    [65, 66, 67, 8364]
    """
    points: set[int] = set()
    for part in letters.split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def cut_font(source: bytes, cut: Cut) -> bytes:
    """Return the font with only the letters and weights of the cut, the same bytes every time."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    options = Options(recalc_timestamp=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points(cut.letters))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": cut.weight})
    if isinstance(cut.weight, int):
        _name_static(font, cut.weight)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def build_fonts(folder: Path) -> list[Path]:
    """Write every cut into the folder, so that pages and sheets need no other host.

    Returns what was written: nothing when the folder already holds the same cuts of the same source.
    """
    source = files("fontpkg_source_sans_3").joinpath("files", SOURCE).read_bytes()
    stamp = hashlib.sha256(source + Path(__file__).read_bytes()).hexdigest()
    paths = [folder / cut.name for cut in CUTS]
    mark = folder / STAMP
    if mark.is_file() and mark.read_text() == stamp and all(path.is_file() for path in paths):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for path, cut in zip(paths, CUTS, strict=True):
        path.write_bytes(cut_font(source, cut))
    mark.write_text(stamp)
    return paths


def _name_static(font: TTFont, weight: int) -> None:
    """Give a single weight the family and style that a stylesheet and a PDF reader look for."""
    style = {400: "Regular", 600: "SemiBold"}[weight]
    names = {1: "Source Sans 3", 2: style, 4: f"Source Sans 3 {style}", 6: f"SourceSans3-{style}"}
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
