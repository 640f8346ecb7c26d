"""The Celery application: it carries wake-ups, and what is to be done is a row in the database."""

from celery import Celery

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
