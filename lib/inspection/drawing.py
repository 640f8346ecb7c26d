"""How much a PDF's page draws, since forms that draw forms ten times each make a bomb of a few lines."""

import re
from typing import Any

import pikepdf

from lib.inspection.decision import swollen

MOST_DRAWN = 16 * 2**20
PER_FORM = 2000
MOST_NESTED = 30
DRAWS = re.compile(rb"/([^\s/()<>\[\]{}%]+)\s+Do\b")


class Drawing:
    """Counts the bytes of drawing of one document, each form looked at once."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[int, int], int] = {}

    def check(self, document: pikepdf.Pdf) -> None:
        """Refuse pages that draw more than a reader waits for. Raises Unfit."""
        for page in document.pages:
            source = page.obj.get("/Contents")
            parts = list(source) if isinstance(source, pikepdf.Array) else [source]
            content = b"\n".join(part.read_bytes() for part in parts if isinstance(part, pikepdf.Stream))
            self._check(self._cost(content, page.resources, 0))

    def _cost(self, content: bytes, resources: Any, depth: int) -> int:
        """Return the bytes drawn by a content, those of the forms in it counted each time."""
        forms: Any = resources.get("/XObject", {}) if isinstance(resources, pikepdf.Dictionary) else {}
        cost = len(content)
        for name in DRAWS.findall(content):
            form = forms.get(f"/{name.decode('latin-1')}")
            if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
                cost += PER_FORM + self._form(form, depth + 1)
                self._check(cost)
        return cost

    def _form(self, form: Any, depth: int) -> int:
        if depth > MOST_NESTED:
            raise swollen()
        if form.objgen not in self._drawn:
            # A form that draws itself is cut off by every reader.
            self._drawn[form.objgen] = 0
            self._drawn[form.objgen] = self._cost(form.read_bytes(), form.get("/Resources"), depth)
        return self._drawn[form.objgen]

    def _check(self, cost: int) -> None:
        if cost > MOST_DRAWN:
            raise swollen()
