"""Result sheets name files of their own centre alone."""

from django.db import migrations

from lib.wall import OwnFiles


class Migration(migrations.Migration):
    dependencies = [("marking", "0005_follows")]

    operations = [OwnFiles("marking_resultsheet", "storage_key")]
