"""Compile every template of ours, so that a misspelt tag is found before a page is."""

import os
import sys

import django
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template


def main() -> int:
    """Name each template that does not compile, and return how many there are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    broken = 0
    root = settings.BASE_DIR / "templates"
    for path in sorted(root.rglob("*.*")):
        name = str(path.relative_to(root))
        try:
            get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            print(f"{name}: {error}")
            broken += 1
    return broken


if __name__ == "__main__":
    sys.exit(min(main(), 1))
