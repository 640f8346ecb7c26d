"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0005_guarded"), ("marking", "0001_initial")]

    operations = [
        Pinned("marking_judgement_signed", "marking_lines_signed", "marking_not_own_work"),
    ]
