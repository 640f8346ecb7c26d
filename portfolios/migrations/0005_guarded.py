"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned


class Migration(migrations.Migration):
    dependencies = [("centres", "0002_guarded"), ("portfolios", "0001_initial")]

    operations = [
        Pinned("portfolios_submission_moves", "portfolios_offer_frozen", "portfolios_evidence_frozen"),
    ]
