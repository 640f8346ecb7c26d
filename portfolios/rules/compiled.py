"""What a compiled portfolio is made of: entries with facts, words and tables, which hold further entries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

Entry = dict[str, Any]

KINDS = {"application/pdf": "PDF", "text/plain": "Text", "text/csv": "Table"}
GROUPS = {"image": "Picture", "audio": "Sound recording", "video": "Video recording"}


def entry(
    title: str,
    *,
    notes: Iterable[str] = (),
    facts: Iterable[tuple[str, str]] = (),
    words: Iterable[tuple[str, str]] = (),
    table: Entry | None = None,
    entries: Iterable[Entry] = (),
) -> Entry:
    """Return one entry of the document; what it does not have is empty."""
    return {
        "title": title,
        "notes": list(notes),
        "facts": [list(pair) for pair in facts],
        "words": [list(pair) for pair in words],
        "table": table,
        "entries": list(entries),
    }


def table(columns: Sequence[str], groups: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> Entry:
    """Return a table whose rows stand under headings, which may be empty."""
    return {
        "columns": list(columns),
        "groups": [{"title": title, "rows": [list(row) for row in rows]} for title, rows in groups],
    }


def practice_of(content: Mapping[str, Any]) -> Entry:
    """Return the sessions of a unit with what was written about each, and how its counters stand."""
    exceptions = [
        entry(
            f"{row['client']}: one more than the limit",
            words=[("Reason", row["reason"]), ("Also considered", row["options"])],
        )
        for row in content["exceptions"]
    ]
    sessions = [
        entry(
            f"Session {row['number']} with {row['client']}, {row['date']} at {row['start']}, {row['length']}",
            notes=() if row["pages"] else ["Nothing was written about it."],
            entries=[page_of_record(page) for page in row["pages"]],
        )
        for row in content["sessions"]
    ]
    counters = [(row["name"], row["shown"]) for row in content["counters"]]
    return entry(_of_unit(content), facts=counters, entries=[*exceptions, *sessions])


def supervision_of(content: Mapping[str, Any]) -> Entry:
    """Return the supervision of a unit with what was written about each session."""
    rows = [
        entry(
            f"Supervision {row['number']} with {row['supervisor']}, {row['date']}, {row['length']}",
            notes=() if row["pages"] else ["Nothing was written about it."],
            entries=[page_of_record(page) for page in row["pages"]],
        )
        for row in content["supervision"]
    ]
    return entry(_of_unit(content), entries=rows)


def records_of(content: Mapping[str, Any], *, only: Collection[str], but: Collection[str]) -> Entry:
    """Return the other records of a unit: those of some templates, or all but those placed by name."""
    pages = [
        page
        for page in content["records"]
        if (template_of(page) in only if only else template_of(page) not in but)
    ]
    return entry(_of_unit(content), entries=[page_of_record(page) for page in pages])


def page_of_record(page: Mapping[str, Any]) -> Entry:
    """Return what was written on one record, box by box, with who else wrote there and who signed it."""
    copy = f", copy {page['number']}" if page["number"] else ""
    authors = {line.get("by", "") for line in page["lines"]}
    author = authors.pop() if len(authors) == 1 else ""
    words = [
        (line["label"] if author or "by" not in line else _by_others(line), line["text"])
        for line in page["lines"]
    ]
    signed = [
        (
            f"Signed by {row['who']}",
            f"{row['meaning']}\n{row['at']}. {row['method']}.\nFingerprint of what it signs: {row['sha256']}",
        )
        for row in page.get("signatures", ())
    ]
    papers = [
        ("Signed on paper", f"{row['label']}\nFingerprint of the file: {row['sha256']}")
        for row in page.get("papers", ())
    ]
    notes = [f"Written by {author}."] if author else []
    return entry(f"{page['title']}{copy}", notes=notes, words=[*words, *signed, *papers])


def _by_others(line: Mapping[str, str]) -> str:
    return f"{line['label']} (written by {line['by']})"


def template_of(page: Mapping[str, Any]) -> str:
    """Return the key of the template that a frozen record was filled in on.

    >>> template_of({"template": "cpd-plan version 1"})
    'cpd-plan'
    """
    return str(page["template"]).rpartition(" version ")[0]


def is_bare(made: Mapping[str, Any]) -> bool:
    """Say whether an entry holds nothing but its title and notes.

    >>> is_bare(entry("Files", notes=["None."]))
    True
    """
    return not (made["facts"] or made["words"] or made["table"] or made["entries"])


def in_words(content_type: str) -> str:
    """Say what kind of file it is.

    >>> in_words("image/png")
    'Picture'
    """
    return KINDS.get(content_type) or GROUPS.get(content_type.partition("/")[0], "Document")


def _of_unit(content: Mapping[str, Any]) -> str:
    return f"{content['unit']} {content['title']}"
