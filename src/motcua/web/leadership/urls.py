"""Addresses of the leadership front."""

from django.urls import path

from motcua.web.leadership import (
    bottlenecks,
    exploring,
    frame,
    heat,
    indicator,
    ledger,
    maps,
    overview,
    publication,
    standings,
    stream,
    targets,
    trend,
    views,
    whatif,
)

app_name = "leadership"
urlpatterns = [
    path("", views.home, name="home"),
    path("chuyen/", frame.go, name="go"),
    path("cong-bo/", publication.index, name="publications"),
    path("cong-bo/chot/", publication.freeze, name="publication_freeze"),
    path("cong-bo/<str:month>/<int:draft>/", publication.show, name="publication"),
    path("cong-bo/<str:month>/<int:draft>/xem-thu.pdf", publication.preview, name="publication_preview"),
    path("cong-bo/<str:month>/<int:draft>/soat-xet/", publication.review, name="publication_review"),
    path("cong-bo/<str:month>/<int:draft>/duyet/", publication.approve, name="publication_approve"),
    path("cong-bo/<str:month>/<int:draft>/tra-lai/", publication.send_back, name="publication_send_back"),
    path("don-vi/<str:code>/", overview.unit, name="unit"),
    path("don-vi/<str:code>/xu-huong/", trend.show, name="trend"),
    path("don-vi/<str:code>/xep-hang/", standings.show, name="ranking"),
    path("don-vi/<str:code>/muc-tieu/", targets.show, name="targets"),
    path("don-vi/<str:code>/muc-tieu/phu-trach/", targets.name_owner, name="name_owner"),
    path("don-vi/<str:code>/chi-so/<str:indicator>/", indicator.show, name="indicator"),
    path("don-vi/<str:code>/ban-do/", maps.show, name="map"),
    path("don-vi/<str:code>/bang-nhiet/", heat.show, name="heat"),
    path("don-vi/<str:code>/kham-pha/", exploring.show, name="explore"),
    path("don-vi/<str:code>/dong/", stream.stream, name="stream"),
    path("don-vi/<str:code>/luc-nay/", stream.now, name="now"),
    path("don-vi/<str:code>/mat-diem/", ledger.show, name="ledger"),
    path("don-vi/<str:code>/mat-diem-cong/", ledger.count, name="ledger_count"),
    path("don-vi/<str:code>/diem-nghen/", bottlenecks.show, name="bottlenecks"),
    path("don-vi/<str:code>/diem-nghen/ho-so/", bottlenecks.dossiers, name="bottleneck_dossiers"),
    path("don-vi/<str:code>/diem-nghen/can-xem/<str:monitor>/", bottlenecks.sign, name="sign"),
    path("don-vi/<str:code>/diem-nghen/can-xem/<str:monitor>/xem/", bottlenecks.review_sign, name="review_sign"),
    path("don-vi/<str:code>/gia-dinh/", whatif.show, name="whatif"),
    path("don-vi/<str:code>/mat-diem/<str:indicator>/", views.losing, name="losing"),
]
