"""From the bytes of a file to plain values: JSON read strictly, every fault with its line and column."""

import codecs
import json
import re
from typing import Any

from assessments.rules.faults import Fault, shown

LARGEST_FILE = 20 * 1024 * 1024
DEEPEST = 40
LONGEST_NUMBER = 15
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|-?(?:NaN|Infinity)|-?\d[\d.eE+-]*', re.DOTALL)


def read_document(file: str, data: bytes) -> tuple[Any, list[Fault]]:
    """Return the value that ``data`` holds and the faults found; the value is None where there are any."""
    text, faults = _decoded(file, data)
    if faults:
        return None, faults
    odd = _scan(file, text)
    if any(fault.reason.startswith("nested") for fault in odd):
        return None, odd
    try:
        value = json.loads(text, parse_int=_short_number)
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        return None, [Fault(file, f"line {error.lineno}, column {error.colno}", reason)]
    return (None, odd) if odd else (value, [])


def _decoded(file: str, data: bytes) -> tuple[str, list[Fault]]:
    if len(data) > LARGEST_FILE:
        return "", [Fault(file, "", f"larger than {LARGEST_FILE // 1024 // 1024} MB")]
    if data.startswith(codecs.BOM_UTF8):
        return "", [
            Fault(file, "line 1, column 1", "starts with a byte order mark; save it as UTF-8 without one")
        ]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return "", [_at(file, before, len(before), f"not UTF-8: byte 0x{data[error.start]:02x}")]


def _short_number(digits: str) -> int:
    return int(digits[: LONGEST_NUMBER + 1])


def _scan(file: str, text: str) -> list[Fault]:
    """Return what JSON readers let pass in silence: a key given twice, NaN, endless nesting and numbers."""
    faults: list[Fault] = []
    open_objects: list[set[str] | None] = []
    last = ("", 0)
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            open_objects.append(set() if token == "{" else None)
            if len(open_objects) > DEEPEST:
                return [_at(file, text, match.start(), f"nested more than {DEEPEST} deep")]
        elif token in "}]":
            open_objects = open_objects[:-1]
        elif token == ":" and open_objects and open_objects[-1] is not None:
            faults += _given_twice(file, text, last, open_objects[-1])
        elif token.lstrip("-") in {"NaN", "Infinity"}:
            faults.append(_at(file, text, match.start(), f"{token} is not a number that JSON knows"))
        elif token[0] in "-0123456789" and len(token.lstrip("-")) > LONGEST_NUMBER:
            faults.append(_at(file, text, match.start(), f"{shown(token, 20)} is too long a number"))
        last = (token, match.start())
    return faults


def _given_twice(file: str, text: str, token: tuple[str, int], keys: set[str]) -> list[Fault]:
    key = json.loads(token[0], strict=False) if _is_string(token[0]) else token[0]
    if key in keys:
        return [_at(file, text, token[1], f"the key {shown(key)} is given twice")]
    keys.add(key)
    return []


def _is_string(token: str) -> bool:
    try:
        return isinstance(json.loads(token, strict=False), str)
    except ValueError:
        return False


def _at(file: str, text: str, start: int, reason: str) -> Fault:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Fault(file, f"line {line}, column {column}", reason)
