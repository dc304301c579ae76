"""Addresses of the pages."""

from django.urls import include, path

from motcua.web.citizen import publication
from motcua.web.citizen import views as citizen

urlpatterns = [
    path("", citizen.home, name="home"),
    path("thu-tuc/", citizen.procedures, name="procedures"),
    path("thu-tuc/<str:code>/", citizen.procedure, name="procedure"),
    path("tra-cuu/", citizen.track, name="track"),
    path("tra-cuu/<str:code>/<str:secret>/", citizen.track_by_link, name="track_by_link"),
    path("xac-thuc/<str:code>/", citizen.verify, name="verify_base"),
    path("xac-thuc/<str:code>/<str:form>/", citizen.verify, name="verify"),
    path("tien-do/", citizen.board, name="board"),
    path("cong-bo/", publication.index, name="publications"),
    path("cong-bo/don-vi/<str:code>/", publication.unit, name="publication_unit"),
    path("cong-bo/<str:month>/", publication.month, name="publication"),
    path("cong-bo/<str:month>/ban-<int:edition>/", publication.month, name="publication_edition"),
    path("cong-bo/<str:month>/ban-<int:edition>/<str:name>", publication.download, name="publication_file"),
    path("can-bo/", include("motcua.web.officer.urls")),
    path("lanh-dao/", include("motcua.web.leadership.urls")),
    path("quan-ly/", include("motcua.web.admin.urls")),
    path("tai-khoan/", include("allauth.urls")),
]
