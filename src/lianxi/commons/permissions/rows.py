"""One condition: "one of these rows"."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, ForeignKey, Lookup, Q, QuerySet

NOBODY = Q(pk__in=[])


@Field.register_lookup
@ForeignKey.register_lookup
class Among(Lookup[Any]):
    """`= ANY(ARRAY(SELECT …))`: leaves the planner an index for every clause of an OR, unlike `IN (SELECT …)`."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


def among(rows: QuerySet[Any, Any], field: str = "pk") -> Q:
    """Records whose `field` is one of `rows` (a queryset of one column)."""
    return Q(**{f"{field}__among": ArraySubquery(rows)})
