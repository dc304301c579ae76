"""Addresses of the pages of keeping."""

from django.urls import path
from django.views.generic import RedirectView

from motcua.web.admin import comparing, drafts, figures, handing_over, people, procedures, units, workflows

app_name = "admin"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:procedures"), name="home"),
    path("don-vi/", units.listed, name="units"),
    path("don-vi/<str:code>/", units.unit, name="unit"),
    path("don-vi/<str:code>/ban-giao/", handing_over.page, name="unit_handover"),
    path("can-bo/", people.listed, name="people"),
    path("can-bo-moi/", people.opened, name="person_new"),
    path("can-bo/<str:code>/", people.person, name="person"),
    path("danh-muc/", procedures.listed, name="procedures"),
    path("danh-muc-moi/", drafts.draft, name="draft_new"),
    path("danh-muc/<str:code>/", procedures.procedure, name="procedure"),
    path("danh-muc/<str:code>/soan/", drafts.draft, name="draft"),
    path("kiem-tra/", procedures.checks, name="checks"),
    path("phan-cong/", procedures.assignments, name="assignments"),
    path("doi-chieu/", comparing.listed, name="comparisons"),
    path("doi-chieu/<int:number>/", comparing.one, name="comparison"),
    path("doi-chieu/<int:number>/quyet-dinh/", comparing.decide, name="comparison_decide"),
    path("doi-chieu/<int:number>/duyet/", comparing.approve_some, name="comparison_approve"),
    path("so-lieu/", figures.page, name="figures"),
    path("quy-trinh/", workflows.listed, name="workflows"),
    path("quy-trinh/<int:number>/", workflows.one, name="workflow"),
    path("quy-trinh/dot-nhap/<int:number>/", workflows.imported, name="workflow_import"),
    path("quy-trinh/dot-nhap/<int:number>/quyet-dinh/", workflows.decide, name="workflow_decide"),
]
