"""Every read on persons and posts."""

from .answers import Answer, answers, answers_on, groups
from .ending import to_remind
from .finding import areas, login_of, person_for, unit_named, units_for
from .lists import Asked, Page, page, roles_of
from .record import may_on, posting, postings_of, record_of

__all__ = [
    "Answer", "Asked", "Page", "answers", "answers_on", "areas", "groups", "login_of", "may_on", "page", "person_for", "posting",
    "postings_of", "record_of", "roles_of", "to_remind", "unit_named", "units_for",
]  # fmt: skip
