"""The order in which a portfolio is read as one document, as a record template gives it."""

from assessments.rules.nodes import Node

PARTS = frozenset(
    {
        *("authentication", "matrix", "sections", "practice", "supervision", "records"),
        *("discussions", "files"),
    }
)


def read_contents(node: Node) -> None:
    """Note what is wrong with the order that a template gives, where it gives one.

    Every part has a name that is known and a heading; records may be narrowed to some templates.
    """
    for row in node.rows("contents", "heading", required=False):
        row.text("heading", 100)
        of = row.text("of", 20)
        if of is not None and of not in PARTS:
            row.fault("of", f"“{of}” is none of {', '.join(sorted(PARTS))}")
        row.texts("templates", 80, required=False)
        if "templates" in row.value and of != "records":
            row.fault("templates", "only records are narrowed to templates")
