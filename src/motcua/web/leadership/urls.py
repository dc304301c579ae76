"""Addresses of the leadership front."""

from django.urls import path

from motcua.web.leadership import frame, views

app_name = "leadership"
urlpatterns = [
    path("", views.home, name="home"),
    path("chuyen/", frame.go, name="go"),
    path("don-vi/<str:code>/", views.unit, name="unit"),
    path("don-vi/<str:code>/mat-diem/<str:indicator>/", views.losing, name="losing"),
]
