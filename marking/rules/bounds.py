"""How much one field of a sheet holds: 3,000 words fit, and a sheet full of them is drawn in seconds."""

MAX_CHARACTERS = 20_000
MAX_LINES = 300
MAX_REASON = 2_000


def why_too_long(what: str, text: str) -> str:
    """Say why a text does not fit and what to do, or nothing where it fits.

    >>> why_too_long("feedback", "x" * 20_400)
    'Your feedback is 20,400 characters; 20,000 fit. Shorten it.'
    >>> why_too_long("note", "x\\n" * 300)
    'Your note is 301 lines; 300 fit. Use fewer line breaks.'
    >>> why_too_long("note", "Read all of it.")
    ''
    """
    if len(text) > MAX_CHARACTERS:
        return f"Your {what} is {len(text):,} characters; {MAX_CHARACTERS:,} fit. Shorten it."
    lines = text.count("\n") + 1
    if lines > MAX_LINES:
        return f"Your {what} is {lines:,} lines; {MAX_LINES} fit. Use fewer line breaks."
    return ""
