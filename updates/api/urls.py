"""The API's addresses; what is none of them is a problem too, and no page."""

from django.urls import path

from updates.api.document import docs, openapi
from updates.api.door import nowhere
from updates.api.v1 import addresses

urlpatterns = [
    path("", nowhere, name="api-root"),
    path("openapi.json", openapi, name="api-openapi"),
    path("docs", docs, name="api-docs"),
    *addresses(),
    path("<path:rest>", nowhere),
]
