"""Search by pairs of neighbours: exact for one and two characters, a filter plus LIKE for longer words."""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import migrations
from django.db.models import F, Func, Q, QuerySet
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SQL = r"""
CREATE FUNCTION pairs(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50 AS $$
    SELECT array_to_tsvector(array_remove(
        string_to_array(regexp_replace(t, '(..)', '\1' || chr(1), 'gs'), chr(1)) ||
        string_to_array(regexp_replace(substr(t, 2), '(..)', '\1' || chr(1), 'gs'), chr(1)), ''))
    FROM lower(title || ' ' || body) AS t $$;
"""


def make_pairs() -> migrations.RunSQL:
    """Migration step: the function behind the index."""
    return migrations.RunSQL(SQL.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), migrations.RunSQL.noop)


class Pairs(Func):
    """`pairs(title, body)` as an expression, for the index and the filter."""

    function = "pairs"
    output_field = SearchVectorField()


def words(query: str) -> list[str]:
    """The query cut at blanks, normalised, at most eight words of at most 40 characters."""
    text = "".join(" " if unicodedata.category(c).startswith("C") else c for c in unicodedata.normalize("NFKC", query))
    return [word[:40].lower() for word in text.split()][:8]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def tsquery(word: str) -> str:
    """The tsquery of one word: a prefix for one character, its pairs for more."""
    if len(word) == 1:
        return f"{_quoted(word)}:*"
    return " & ".join(_quoted(word[i : i + 2]) for i in range(len(word) - 1))


def matching(found: QuerySet[Any, Any], query: str, title: str, body: str) -> QuerySet[Any, Any]:
    """Narrow a queryset, permissions already in it, to records with all words of the query in `title` or `body`."""
    asked = words(query)
    if not asked:
        return found
    found = found.alias(_pairs=Pairs(F(title), F(body)))
    for word in asked:
        found = found.filter(_pairs=Asked(tsquery(word)))
        if len(word) > 2:
            found = found.filter(Q(**{f"{title}__icontains": word}) | Q(**{f"{body}__icontains": word}))
    return found


def containing(found: QuerySet[Any, Any], query: str, *columns: str) -> QuerySet[Any, Any]:
    """Narrow a queryset, permissions already in it, to records with every word in one of the columns. Without an index:
    for hundreds of titles, where one or two characters find as well as many.
    """
    asked = words(query)
    if not asked:
        return found.none()
    for word in asked:
        somewhere = Q()
        for column in columns:
            somewhere |= Q(**{f"{column}__icontains": word})
        found = found.filter(somewhere)
    return found


class Asked(SearchQuery):
    """A tsquery taken as it stands: `to_tsquery` would cut the pairs apart again."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_kwargs: Any) -> tuple[str, Any]:
        # A list, whatever the stubs say: Django's look-up adds it to the list of the left side.
        return "%s::tsquery", [self.text]


def marked(text: str, query: str) -> SafeString:
    """The text escaped, then the words of the query marked."""
    escaped = str(conditional_escape(text))
    asked = [re.escape(str(conditional_escape(word))) for word in words(query)]
    if not asked:
        return mark_safe(escaped)  # noqa: S308
    return mark_safe(re.sub(f"({'|'.join(asked)})", r"<mark>\1</mark>", escaped, flags=re.IGNORECASE))  # noqa: S308
