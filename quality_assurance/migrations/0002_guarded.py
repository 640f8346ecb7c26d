"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned


class Migration(migrations.Migration):
    dependencies = [("marking", "0002_guarded"), ("quality_assurance", "0001_initial")]

    operations = [
        Pinned("quality_assurance_not_own_decision"),
    ]
