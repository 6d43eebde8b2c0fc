"""django-q2's rows stay out of the admin: signed pickles, and schedules not meant for hands."""

from django.apps import apps
from django.contrib import admin


def hide_queue() -> None:
    """Take the queue's models out of the admin; the runs are the record."""
    for model in apps.get_app_config("django_q").get_models():
        if admin.site.is_registered(model):
            admin.site.unregister(model)
