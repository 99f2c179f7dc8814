"""Who mentors whom: the best matching, with its proof and its reasons.

Plain functions over dataclasses: no database, no clock, no settings. A `Problem` (model.py) goes in: people, what
they want and offer, the office's weights, locks and vetoes, and the day it all holds on. `solve` gives a `Result`:
the pairs, who is left without a mentor, what was reached, and a certificate. `check` verifies a result without
trusting the solver. The functions of explain.py argue: why this pair, why not that one, what would it cost; those of
shortage.py why somebody is left.

How a problem becomes a plan, in the order of the modules:

1.  rules.py says who can never be paired: ten small predicates over arrays, each with words for both outcomes.
2.  fit.py says how well a pair fits: an integer from 0 to 4000, a sum whose parts can be shown.
3.  table.py puts both into one array, mentees down, mentors across, in the order of their ids; forbidden cells are
    -1. Locked pairs are taken out first: they keep their seat and count as load, and nothing below needs to know them.
4.  solve.py takes seven aims (aims.py) one after another: fewest unmatched, least waiting priority left out, the
    highest minimum, the fewest below each band, the highest total, the most even load, and a hash of the ids to settle
    ties. An aim never gives up anything of an aim before it. No big weights stand in for that order: numbers would
    overflow and nobody could follow them.
5.  face.py holds "the plans still in play": all that reach the best value at every aim so far. It is only a set of
    pairs and a range for each mentor's load, so each aim is an ordinary cheapest flow (flow.py) that knows nothing of
    the aims before it. After each aim the prices of the flow (its dual) say which plans stay in play.
6.  certificate.py keeps the prices. They are the proof: with them anyone can bound what any plan could reach, and the
    plan reaches the bound. checker.py does so in plain loops, without a line of the solver's code.

Ten thousand people are possible because flows run over about thirty pairs a person, chosen at guessed prices. The
prices of the flow are then held against every pair in play in one pass over an array (grid.py); pairs that would
improve the plan are added until there are none, so what is left out of the flow is proved useless rather than assumed
so. docs/matching.md tells the method in plain words and holds the benchmark.

The answer depends on the ids and on nothing else: rows are sorted by id, and the last aim leaves one plan standing.
So locking pairs of a best plan gives the same plan, and the price of another pair is simply the difference to solving
again with that pair locked.

The minimum, the bands and the total count locked pairs like any other. A lock with a poor fit therefore sets the
floor; the bands above it still hold.
"""

from .certificate import Certificate, Proof
from .checker import Checked, CheckFailed, check
from .explain import (
    HIGHER_IS_BETTER,
    PRICES,
    Alternative,
    Blocking,
    Change,
    Difference,
    Move,
    Proposal,
    Story,
    alternatives,
    blocking_pairs,
    dial,
    difference,
    if_mentor_leaves,
    load_difference,
    price,
    story,
)
from .fit import Part, parts, parts_of
from .model import (
    LEVELS,
    MOST_FIT,
    PREFERENCE,
    SHARED,
    Criterion,
    Lock,
    Mentee,
    Mentor,
    Order,
    Pair,
    Problem,
    ProblemError,
    Settings,
    Veto,
    Weights,
)
from .record import dump_problem, dump_result, load_problem, load_result, problem_hash, result_hash
from .result import Headline, Level, Pairing, Result
from .rules import RULES, Rule, RuleCheck, check_pair
from .shortage import NEW_MENTOR, Cure, Group, Unmatched, load_unmatched, reasons, why_unmatched
from .solve import VERSION, solve, solve_table
from .table import table

__all__ = [
    "HIGHER_IS_BETTER",
    "LEVELS",
    "MOST_FIT",
    "NEW_MENTOR",
    "PREFERENCE",
    "PRICES",
    "RULES",
    "SHARED",
    "VERSION",
    "Alternative",
    "Blocking",
    "Certificate",
    "Change",
    "CheckFailed",
    "Checked",
    "Criterion",
    "Cure",
    "Difference",
    "Group",
    "Headline",
    "Level",
    "Lock",
    "Mentee",
    "Mentor",
    "Move",
    "Order",
    "Pair",
    "Pairing",
    "Part",
    "Problem",
    "ProblemError",
    "Proof",
    "Proposal",
    "Result",
    "Rule",
    "RuleCheck",
    "Settings",
    "Story",
    "Unmatched",
    "Veto",
    "Weights",
    "alternatives",
    "blocking_pairs",
    "check",
    "check_pair",
    "dial",
    "difference",
    "dump_problem",
    "dump_result",
    "if_mentor_leaves",
    "load_difference",
    "load_problem",
    "load_result",
    "load_unmatched",
    "parts",
    "parts_of",
    "price",
    "problem_hash",
    "reasons",
    "result_hash",
    "solve",
    "solve_table",
    "story",
    "table",
    "why_unmatched",
]
