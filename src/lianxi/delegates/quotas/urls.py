"""Addresses of seat plans."""

from django.urls import path

from . import web

urlpatterns = [
    path("delegates/", web.index, name="delegates"),
    path("delegates/new/", web.new, name="quota_new"),
    path("delegates/<int:pk>/", web.show, name="quota"),
    path("delegates/<int:pk>/figures/", web.figures, name="quota_figures"),
    path("delegates/<int:pk>/nominated/", web.nominated, name="quota_nominated"),
    path("delegates/<int:pk>/asked/<slug:aim>/", web.asked, name="quota_asked"),
    path("delegates/<int:pk>/trades/", web.trades, name="quota_trades"),
    path("delegates/<int:pk>/trades/new/", web.trade_new, name="quota_trade_new"),
    path("delegates/<int:pk>/trades/<int:key>/", web.trade_edit, name="quota_trade"),
    path("delegates/<int:pk>/trades/<int:key>/remove/", web.trade_remove, name="quota_trade_remove"),
    path("delegates/<int:pk>/sheet/", web.sheet, name="quota_sheet"),
    path("delegates/<int:pk>/print/", web.printed, name="quota_print"),
    path("delegates/<int:pk>/certificate/", web.certificate, name="quota_certificate"),
    path("delegates/<int:pk>/<slug:verb>/", web.act, name="quota_act"),
    path("public/seats/", web.public_index, name="public_quotas"),
    path("public/seats/<int:pk>/", web.public, name="public_quota"),
    path("public/seats/<int:pk>/certificate/", web.public_certificate, name="public_quota_certificate"),
    path("public/seats/<int:pk>/print/", web.public_printed, name="public_quota_print"),
]
