"""Whether a text shows anything to a reader: spaces, controls and marks without a letter do not."""

import unicodedata

# Letters and signs by their category, drawn as nothing: the Hangul fillers and the empty Braille cell.
DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def has_visible(text: str) -> bool:
    """Say whether a reader sees anything of a text.

    >>> has_visible("\\u200b \\u00ad\\ufeff"), has_visible("\\u0301"), has_visible(" é\\u200b")
    (False, False, True)
    """
    return any(_is_seen(letter) for letter in text)


def count_words(text: str) -> int:
    """Return how many words have a letter or a digit: dots, and what shows nothing, are no words.

    >>> count_words("The marker was away."), count_words("\\u200b \\u200b \\u200b"), count_words(". - ?")
    (4, 0, 0)
    """
    return sum(any(letter.isalnum() and _is_seen(letter) for letter in word) for word in text.split())


def _is_seen(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] not in "CZ" and category not in ("Mn", "Me") and letter not in DRAWN_AS_NOTHING
