"""Members into groups by their own wishes, combined with designation: the best placement, and its proof. Pure.

    demand = Demand(groups={"Reading": Group("north", 1, 2), "Patrol": Group("north", 2, 4)},
                    members={"a": Member("north", ("Reading", "Patrol")), "f": Member("north")})
    plan = place(demand, rule="greedy-max", seed="drawn in the meeting")
    plan.placement, plan.profile            who is where; [designated, 1st, …, Kth wish, unlisted]
    plan.why("a"), plan.of("Reading")       sentences that may be said: code, facts, .zh, .en
    compare(plan, {"a": "Patrol"}).said     what a change by hand costs against the best
    minima(plan).below, .change             what the least sizes cost; place(…, closed=["Reading"]) runs without a group
    plan.certificate()                      plain JSON data, checked by verify() or by verifier.py alone; load() reads it back

Nobody is left out: whoever gets no wish is placed in another group of the own area. Of all equally good placements the draw
takes one: members choose in the order SHA-256(seed|member). The order of the input changes nothing.
"""

from .comparing import Comparison, Minima, Move, compare, designating, minima
from .demand import RULES, Bound, Demand, Group, Member, Refused
from .infeasible import Cut, Infeasible
from .placement import FORMAT, Placement
from .placing import place
from .reading import Asked, load, read
from .verifier import Wrong, verify
from .words import WORDS, Said

__all__ = [
    "FORMAT",
    "RULES",
    "WORDS",
    "Asked",
    "Bound",
    "Comparison",
    "Cut",
    "Demand",
    "Group",
    "Infeasible",
    "Member",
    "Minima",
    "Move",
    "Placement",
    "Refused",
    "Said",
    "Wrong",
    "compare",
    "designating",
    "load",
    "minima",
    "place",
    "read",
    "verify",
]
