"""Addresses of the desk on voices."""

from django.urls import path

from .web import desk, figures, public_desk, record, register

urlpatterns = [
    path("", desk.index, name="voices"),
    path("export.xlsx", desk.taken_out, {"format": "xlsx"}, name="voices_export"),
    path("export.csv", desk.taken_out, {"format": "csv"}, name="voices_export_csv"),
    path("print/", desk.printed, name="voices_print"),
    path("together/<slug:name>/", desk.together, name="voices_together"),
    path("register/", register.register, name="voices_register"),
    path("register/receipt/", register.receipt, name="voices_receipt"),
    path("figures/", figures.desk, name="voices_figures"),
    path("<int:pk>/", record.show, name="voice"),
    path("<int:pk>/print/", record.printed, name="voice_print"),
    path("<int:pk>/versions/", record.versions, name="voice_versions"),
    path("<int:pk>/note/", record.note, name="voice_note"),
    path("<int:pk>/reveal/<slug:field>/", record.reveal, name="voice_reveal"),
    path("<int:pk>/do/<slug:name>/", record.step, name="voice_step"),
    path("<int:pk>/copy/", public_desk.draft, name="voice_copy"),
    path("copies/<int:pk>/", public_desk.copy, name="copy"),
]
