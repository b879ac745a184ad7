from django.urls import path, register_converter

from . import web


class RuleId:
    regex = r"[A-Z]-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RuleId, "rule")

urlpatterns = [
    path("rules/", web.book_page, name="rulebook"),
    path("rules/compare/", web.compare_page, name="rulebook_compare"),
    path("rules/print/", web.print_page, name="rulebook_print"),
    path("rules/<rule:rule_id>/", web.rule_page, name="rule"),
    path("rules/<rule:rule_id>/change/", web.change, name="rule_change"),
    path("rules/<rule:rule_id>/confirm/", web.confirm, name="rule_confirm"),
    path("rules/local/<int:pk>/withdraw/", web.withdraw, name="rule_withdraw"),
]
