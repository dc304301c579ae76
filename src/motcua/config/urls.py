"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from motcua.api import description
from motcua.api.routes import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("motcua.web.urls")),
    path("api/v1/docs", description.page, name="api_description"),
    path("api/v1/", api.urls),
]

handler403 = "motcua.web.faults.forbidden"
handler404 = "motcua.web.faults.not_found"
handler500 = "motcua.web.faults.broken"
