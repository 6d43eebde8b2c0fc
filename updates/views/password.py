"""A person's own password, by Django's own view."""

from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class ChangePassword(SuccessMessageMixin, views.PasswordChangeView):  # type: ignore[type-arg]
    """Their other sessions end; this one goes on."""

    template_name = "updates/password.html"
    success_url = reverse_lazy("preferences")
    success_message = _("The password was changed.")
