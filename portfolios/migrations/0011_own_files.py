"""Evidence and uploads name files of their own centre alone."""

from django.db import migrations

from lib.wall import OwnFiles


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0010_practice")]

    operations = [
        OwnFiles("portfolios_evidence", "storage_key"),
        OwnFiles("portfolios_upload", "pieces", is_list=True),
    ]
