"""Seats by population, members and organisations, so that every trade is represented: exact, explained, checkable by anyone. Pure.

    seat_plan(PlanDemand(units, trades, seats, weights))     the three steps: A units, B trades, C units × trades → Plan
    biproportional(weights, row_seats, col_seats)            two dimensions → Table
    divisor(weights, seats), hamilton(weights, seats)        one dimension → Line
    guidance("women", seats, women, members)                 an overlapping target shared among units, and who is asked next
    answer.certificate()                                     JSON-ready; `lianxi-apportionment/1` or `lianxi-seat-plan/1`
    check(certificate)                                       lines (holds, Chinese, English), by a file of the standard library alone

Every answer has been accepted by its verifier before it is returned. A tie is never broken silently: `.unique`, `.ties`,
`.resolve(Order.vote([...]))` or `.resolve(Order.lot(seed))`. What cannot be done raises `Infeasible` with a witness, a sentence and cures.
`docs/apportionment.md` explains the methods with a worked example.
"""

from .demands import Demand
from .flow import Progress
from .guidance import Guidance, guidance
from .line import Line, divisor, hamilton
from .numbers import Number, written
from .orders import Order, draw
from .plan import Plan, PlanDemand, Trade, Unit, seat_plan, seat_plans
from .reading import answer, plan_demand, upper
from .refusals import Cancelled, Infeasible, Invalid, Refused
from .sentences import say
from .table import Table, Working, biproportional, solved
from .ties import Tie
from .totals import Skip, Totals
from .verifier import check

__all__ = [
    "Cancelled",
    "Demand",
    "Guidance",
    "Infeasible",
    "Invalid",
    "Line",
    "Number",
    "Order",
    "Plan",
    "PlanDemand",
    "Progress",
    "Refused",
    "Skip",
    "Table",
    "Tie",
    "Totals",
    "Trade",
    "Unit",
    "Working",
    "answer",
    "biproportional",
    "check",
    "divisor",
    "draw",
    "guidance",
    "hamilton",
    "plan_demand",
    "say",
    "seat_plan",
    "seat_plans",
    "solved",
    "upper",
    "written",
]
