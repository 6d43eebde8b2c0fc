"""Every address. All of them ask for a login but the few that a test names."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("updates.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "updates.api.trouble.server_error"
