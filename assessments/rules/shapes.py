"""Which keys of the catalogue's JSON have columns of their own; every other key is kept beside them."""

from collections.abc import Mapping
from typing import Any

Content = dict[str, Any]
Shape = Mapping[str, "Shape | None"]


def keys(*names: str, **nested: Shape) -> Shape:
    """Return the shape with these plain keys and these nested ones."""
    return {**dict.fromkeys(names), **nested}


def remainder(value: Any, shape: Shape) -> Any:
    """Return what ``value`` holds beyond ``shape``, in the same places.

    >>> remainder({"ref": "D3.01", "note": "n"}, keys("ref"))
    {'note': 'n'}
    """
    if isinstance(value, list):
        rests = [remainder(item, shape) for item in value]
        return rests if any(rests) else []
    if not isinstance(value, dict):
        return {}
    rest = {key: item for key, item in value.items() if key not in shape}
    for key, inner in shape.items():
        if inner is not None and (more := remainder(value.get(key), inner)):
            rest[key] = more
    return rest


def joined(facts: Any, rest: Any) -> Any:
    """Put back what ``remainder`` took out: the facts in their order, then the other keys in theirs.

    >>> joined({"ref": "D3.01"}, {"note": "n", "aim": "a"})
    {'ref': 'D3.01', 'aim': 'a', 'note': 'n'}
    """
    if isinstance(facts, list):
        rests = rest if isinstance(rest, list) else []
        return [joined(fact, rests[place] if place < len(rests) else {}) for place, fact in enumerate(facts)]
    if not isinstance(facts, dict) or not isinstance(rest, dict):
        return facts
    whole = {key: joined(item, rest[key]) if key in rest else item for key, item in facts.items()}
    return {**whole, **{key: in_order(rest[key]) for key in sorted(rest) if key not in facts}}


def in_order(value: Any) -> Any:
    """Return ``value`` with the keys of every object sorted, so that an export always reads the same."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [in_order(item) for item in value]
    return value
