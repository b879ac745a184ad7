"""Who asks."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Post:
    """A role held at a unit, within its term."""

    role: str
    unit_id: int
    path: str
    head: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the posts held today, a holder of receipts, or a named job of the system.

    `line`: the units where a post is held, and all units above them. `heads`: who heads one of these.
    `receipts`: keys of records whose receipt code was shown. `job`: the system is not almighty, it holds clauses like anyone.
    `as_resident`: acts for himself or herself, on what he or she raised; no event and no history keeps the name.
    """

    name: str
    person_id: int | None = None
    posts: tuple[Post, ...] = ()
    line: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    receipts: frozenset[int] = frozenset()
    job: str = ""
    as_resident: bool = field(default=False, compare=False)

    @property
    def written_id(self) -> int | None:
        """The person as events and history keep it: of a resident nothing, so that anonymous stays anonymous."""
        return None if self.as_resident else self.person_id

    @property
    def written_name(self) -> str:
        return "" if self.as_resident else self.name

    def paths(self, *roles: str) -> list[str]:
        """Where one of the roles is held, without posts below another such post."""
        found = sorted({post.path for post in self.posts if not roles or post.role in roles})
        kept: list[str] = []
        for path in found:
            if not any(path.startswith(above) for above in kept):
                kept.append(path)
        return kept

    def holds(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts)


ANYBODY = Actor(name="")
"""Somebody without an account."""


def system(job: str) -> Actor:
    """The system, in the job of that name."""
    return Actor(name=job, job=job)


def actor_of(person_id: int, *, on: dt.date) -> Actor:
    """The person with the posts held on that day: two queries."""
    from .models import Posting

    held = list(Posting.objects.held(on).filter(person=person_id).select_related("person", "unit").order_by("pk"))
    posts = tuple(Post(p.role, p.unit_id, p.unit.path, p.head) for p in held)
    line = frozenset(int(key) for post in posts for key in post.path.split(".") if key)
    heads = (
        frozenset(Posting.objects.held(on).filter(unit__in=line, head=True).values_list("person", flat=True))
        if line
        else frozenset()
    )
    if held:
        name = held[0].person.name
    else:
        from lianxi.commons.accounts.models import Person

        name = Person.objects.values_list("name", flat=True).get(pk=person_id)
    return Actor(name=name, person_id=person_id, posts=posts, line=line, heads=heads - {person_id})
