"""Addresses of the officer front."""

from django.urls import path

from motcua.web.officer import apologies, dossier, frame, intake, lists, my_points, my_points_contests, papers

app_name = "officer"
urlpatterns = [
    path("", lists.home, name="home"),
    path("dem/", frame.counts, name="counts"),
    path("danh-sach/<str:view>/", lists.work_list, name="list"),
    path("danh-sach/<str:view>/cot/", lists.choose_columns, name="columns"),
    path("phan-cong/", lists.assign_many, name="assign_many"),
    path("bo-loc/", lists.save_view, name="save_view"),
    path("thu-xin-loi/", apologies.listed, name="apologies"),
    path("thu-xin-loi/ky/", apologies.sign, name="sign_apologies"),
    path("thu-xin-loi/da-gui/", apologies.mark_sent, name="apologies_sent"),
    path("so-theo-doi/", papers.register, name="register"),
    path("ho-so/<str:code>/", dossier.show, name="dossier"),
    path("ho-so/<str:code>/viec/<str:act>/", dossier.act, name="act"),
    path("ho-so/<str:code>/dinh-chinh/", dossier.ask_correction, name="ask_correction"),
    path("ho-so/<str:code>/dinh-chinh/<int:correction>/", dossier.decide_correction, name="decide_correction"),
    path("ho-so/<str:code>/tep/<int:document>/", dossier.file, name="file"),
    path("ho-so/<str:code>/phieu/<str:form>/", papers.make, name="make_form"),
    path("ho-so/<str:code>/phieu/<str:form>/<int:number>.<str:kind>", papers.form, name="form"),
    path("ho-so/<str:code>/du-thao-xin-loi/", papers.apology_draft, name="apology_draft"),
    path("ho-so/<str:code>/diem/", my_points.of_dossier, name="dossier_marks"),
    path("ho-so/<str:code>/kien-nghi/<str:indicator>/", my_points_contests.contest_mark, name="contest_new"),
    path("diem-cua-toi/", my_points.mine, name="my_points"),
    path("diem-cua-toi/<str:officer>/", my_points.of_officer, name="points_of"),
    path("kien-nghi/", my_points_contests.listed, name="contests"),
    path("kien-nghi/<str:contest>/", my_points_contests.contest, name="contest"),
    path("kien-nghi/<str:contest>/quyet-dinh/", my_points_contests.decide, name="contest_decide"),
    path("kien-nghi/<str:contest>/rut/", my_points_contests.withdraw, name="contest_withdraw"),
    path("kien-nghi/<str:contest>/tep/<int:number>/", my_points_contests.evidence, name="contest_file"),
    path("tiep-nhan/", intake.choose, name="choose"),
    path("tiep-nhan/<str:procedure>/", intake.receive, name="receive"),
    path("tiep-nhan/<str:procedure>/nhap/", intake.keep_draft, name="keep_draft"),
]
