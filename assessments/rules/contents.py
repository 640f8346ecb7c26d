"""What a record template says beside its boxes: the order of a portfolio, and which boxes are counted."""

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


COUNTED = ("feedback", "reflection")
LABELS = ("fields", "questions", "free_text")


def read_counted(node: Node) -> None:
    """Note what is wrong with the boxes that a template and its parts say are counted, and as what.

    Each is named by its label. An empty list says that no box is counted; without one, labels decide.
    """
    for part in (node, *node.rows("parts", "part", required=False)):
        for row in part.rows("counted_as", "box", required=False):
            label, what = row.text("box", 200), row.text("as", 20)
            if what is not None and what not in COUNTED:
                row.fault("as", f"“{what}” is none of {', '.join(COUNTED)}")
            labels = [text for name in LABELS for text in part.texts(name, required=False)]
            if label is not None and label not in labels:
                row.fault("box", "no box has this label")
