"""Before the site starts: the schema, the catalogue, the demo and the static files; prints the accounts."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def main() -> None:
    """Bring everything up to date; what is up to date already costs little."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    catalogue = sorted((settings.BASE_DIR / "fixtures" / "catalogue").glob("*.json"))
    call_command("import_catalogue", *map(str, catalogue), verbosity=0, stdout=sys.stderr)
    call_command("seed_demo", verbosity=0, stdout=sys.stderr)
    if not settings.DEBUG:
        _collect_static()
    call_command("demo_accounts")


def _collect_static() -> None:
    """Collect the static files when one of them changed, since compressing them takes a while."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path)).stat()
            found.update(f"{path}\0{source.st_mtime_ns}\0{source.st_size}\0".encode())
    stamp = settings.STATIC_ROOT.with_name("static.collected")
    if not (stamp.exists() and stamp.read_text() == found.hexdigest()):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(found.hexdigest())


if __name__ == "__main__":
    main()
