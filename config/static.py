"""Which static files are collected: ours, and of Bootstrap the one style sheet that pages use."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Django's app, without Bootstrap's other builds, whose compression takes most of a first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.css*",
        "bootstrap.rtl.*",
        "bootstrap*.js*",
    ]
