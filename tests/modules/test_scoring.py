"""The questionnaire's scoring rules, against tables worked out by hand and, for statistics, against scipy."""

from math import sqrt
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from modules.scoring import (
    Band,
    Claim,
    Dimension,
    Instrument,
    Item,
    Level,
    NeedKind,
    QualityFlag,
    Thresholds,
    all_learning_needs,
    cohort_dimensions,
    cronbach_alpha,
    dimension_reliability,
    learning_needs,
    level,
    matched_change,
    quality,
    read_instrument,
    reliable_change,
    response_shift,
    score,
    t_cdf,
    t_quantile,
)

DATA = Path(__file__).parents[2] / "modules" / "data" / "questionnaire.csv"
QUESTIONNAIRE = read_instrument(DATA.read_text().splitlines(), version="1")

# Seven dimensions a to g, each with items a1 to a5 and so on; the fifth is reversed. a and b feed module 1.
SMALL = Instrument(
    "small",
    tuple(Dimension(key, key.upper(), module) for key, module in zip("abcdefg", (1, 1, 2, 3, 4, 5, 6), strict=True)),
    tuple(Item(f"{key}{n}", key, reverse=n == 5) for key in "abcdefg" for n in range(1, 6)),
)
answer = st.one_of(st.none(), st.integers(1, 5))
answer_sets = st.fixed_dictionaries({}, optional={item.id: answer for item in SMALL.items})


def scored_answers(**dimensions):
    """Raw answers from scored ones: a=(5, 5, 5, 5, 1) leaves a reversed a5 answered 5."""
    return {
        f"{key}{n}": (6 - value if n == 5 and value is not None else value)
        for key, values in dimensions.items()
        for n, value in enumerate(values, start=1)
    }


def level_answers(**means):
    """Answers whose dimension means are exactly these multiples of 0.2."""
    answers = {}
    for key, mean in means.items():
        total = round(mean * 5)
        answers |= scored_answers(**{key: [total // 5 + (n < total % 5) for n in range(5)]})
    return answers


# The instrument


def test_the_questionnaire_has_seven_dimensions_of_five_items_with_one_reversed_each():
    assert len(QUESTIONNAIRE.items) == 35
    assert [
        (d.module, len(QUESTIONNAIRE.items_of(d.key)), sum(i.reverse for i in QUESTIONNAIRE.items_of(d.key)))
        for d in QUESTIONNAIRE.dimensions
    ] == [(1, 5, 1), (1, 5, 1), (2, 5, 1), (3, 5, 1), (4, 5, 1), (5, 5, 1), (6, 5, 1)]


def test_item_ids_are_unique():
    assert len({item.id for item in QUESTIONNAIRE.items}) == 35


def test_people_outside_london_never_read_london_in_an_item():
    assert [item.id for item in QUESTIONNAIRE.items if "London" in item.wording(in_london=False)] == []
    assert {item.id for item in QUESTIONNAIRE.items if item.elsewhere} == {
        "whole-london-1",
        "whole-london-2",
        "whole-london-5",
    }


def test_the_item_order_is_one_shuffle_per_cohort():
    first = QUESTIONNAIRE.in_order_for("llp-2026")
    assert first == QUESTIONNAIRE.in_order_for("llp-2026")
    assert sorted(i.id for i in first) == sorted(i.id for i in QUESTIONNAIRE.items)
    assert first not in (QUESTIONNAIRE.items, QUESTIONNAIRE.in_order_for("llp-2027"))


# One person


@pytest.mark.parametrize(("raw", "counts"), [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
def test_a_reverse_item_counts_the_other_way_round(raw, counts):
    assert Item("x", "a", reverse=True).score(raw) == counts
    assert Item("x", "a").score(raw) == raw


@pytest.mark.parametrize("raw", [0, 6, -1])
def test_an_answer_outside_one_to_five_is_refused(raw):
    with pytest.raises(ValueError, match="not an answer"):
        score(SMALL, {"a1": raw, "a2": 3, "a3": 3, "a4": 3})


@pytest.mark.parametrize(
    ("scored", "mean"),
    [
        ((5, 4, 3, 2, 1), 3.0),
        ((5, 4, 3, 2, None), 3.5),  # four of five will do
        ((None, 4, 3, 2, 1), 2.5),
        ((5, 4, 3, None, None), None),  # three will not
        ((1, 1, 1, 1, 1), 1.0),
        ((5, 5, 5, 5, 5), 5.0),
    ],
)
def test_a_dimension_is_the_mean_of_its_answered_items_from_four_on(scored, mean):
    assert score(SMALL, scored_answers(a=scored)).of("a").mean == mean


def test_the_overall_is_the_mean_of_dimension_means_and_needs_six_of_seven():
    six = level_answers(a=3, b=3.2, c=3.4, d=3.6, e=3.8, f=4)
    assert score(SMALL, six).overall == pytest.approx(3.5)
    five = {key: value for key, value in six.items() if key[0] != "f"}
    assert score(SMALL, five).overall is None


def test_the_overall_never_averages_items_across_dimensions():
    # a has four answers of 5, the others five answers of 1: by item 51/34, by dimension 11/7.
    answers = scored_answers(a=(5, 5, 5, 5, None)) | level_answers(b=1, c=1, d=1, e=1, f=1, g=1)
    assert score(SMALL, answers).overall == pytest.approx(11 / 7)


def test_module_one_is_the_mean_of_its_two_dimensions_and_missing_without_either():
    both = score(SMALL, level_answers(a=3, b=4, c=2))
    assert (both.modules[1], both.modules[2], both.modules[3]) == (3.5, 2.0, None)
    assert score(SMALL, level_answers(b=4)).modules[1] is None


@pytest.mark.parametrize(
    ("mean", "name"),
    [
        (1.0, Level.PRIORITY),
        (2.99, Level.PRIORITY),
        (3.0, Level.DEVELOP),
        (3.74, Level.DEVELOP),
        (3.75, Level.STRENGTH),
        (5.0, Level.STRENGTH),
        (None, None),
    ],
)
def test_levels_change_at_three_and_three_and_three_quarters(mean, name):
    assert level(mean) == name


def test_no_opportunity_is_missing_and_counted_apart_from_an_item_not_answered():
    result = score(SMALL, {"a1": 4, "a2": None, "a3": None}).of("a")
    assert (result.mean, result.no_opportunity) == (None, 2)


@given(answer_sets)
def test_every_score_stays_in_range(answers):
    profile = score(SMALL, answers)
    scores = [s.mean for s in profile.dimensions] + [profile.overall, *profile.modules.values()]
    assert all(1 <= s <= 5 for s in scores if s is not None)


@given(answer_sets, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert score(SMALL, dict(shuffled)) == score(SMALL, answers)


@given(st.fixed_dictionaries({item.id: st.integers(1, 5) for item in SMALL.items}))
def test_turning_every_answer_round_mirrors_the_profile(answers):
    mirrored = {key: 6 - value for key, value in answers.items()}
    assert score(SMALL, mirrored).overall == pytest.approx(6 - score(SMALL, answers).overall)


# Quality


@pytest.mark.parametrize(
    ("value", "flags"),
    [
        (4, (QualityFlag.SAME_ANSWER, QualityFlag.CONTRADICTION)),
        (3, (QualityFlag.SAME_ANSWER,)),
        (None, ()),  # "No opportunity yet" throughout is an answer about the job, not a pattern
    ],
)
def test_one_answer_to_everything_is_flagged(value, flags):
    assert quality(SMALL, dict.fromkeys((item.id for item in SMALL.items), value)) == flags


def test_thirty_four_equal_answers_are_not_flagged():
    answers = dict.fromkeys((item.id for item in SMALL.items), 4) | {"g5": 2}
    assert quality(SMALL, answers) == ()
    assert quality(SMALL, {key: value for key, value in answers.items() if key != "g5"}) == ()


@pytest.mark.parametrize(("seconds", "flags"), [(89, (QualityFlag.TOO_FAST,)), (90, ()), (None, ())])
def test_under_ninety_seconds_is_flagged(seconds, flags):
    assert quality(SMALL, {"a1": 3}, seconds) == flags


# Learning needs


def kinds(profile):
    return [(need.dimension.key, need.kinds) for need in all_learning_needs(profile)]


def test_a_strength_in_everything_needs_nothing():
    assert kinds(score(SMALL, level_answers(a=4, b=4, c=4, d=4, e=4, f=4, g=4))) == []


def test_needs_are_named_by_every_kind_that_holds():
    answers = level_answers(a=2.8, b=3, c=4, d=4, e=4, f=4, g=4)
    assert kinds(score(SMALL, answers, {"a": 5, "c": 5})) == [
        ("a", (NeedKind.PRIORITY, NeedKind.GAP, NeedKind.RELATIVE)),
        ("c", (NeedKind.GAP,)),
        ("b", (NeedKind.RELATIVE, NeedKind.DEVELOP)),
    ]


def test_a_high_rater_still_learns_what_is_low_for_them():
    answers = level_answers(a=5, b=5, c=5, d=5, e=5, f=4.2, g=4.0)
    assert kinds(score(SMALL, answers)) == [("g", (NeedKind.RELATIVE,)), ("f", (NeedKind.RELATIVE,))]


def test_only_the_two_lowest_can_be_a_relative_focus():
    answers = level_answers(a=5, b=5, c=5, d=5, e=4, f=4, g=4)
    assert kinds(score(SMALL, answers)) == [("e", (NeedKind.RELATIVE,)), ("f", (NeedKind.RELATIVE,))]


def test_relative_focus_starts_at_exactly_half_a_point_below():
    # 4.4 * 6 and 3.8 * 1: overall 30.2 / 7 = 4.314..., distance 0.514; with 4.0 it is 0.343.
    assert kinds(score(SMALL, level_answers(a=4.4, b=4.4, c=4.4, d=4.4, e=4.4, f=4.4, g=3.8))) == [
        ("g", (NeedKind.RELATIVE,))
    ]
    assert kinds(score(SMALL, level_answers(a=4.4, b=4.4, c=4.4, d=4.4, e=4.4, f=4.4, g=4.0))) == []
    # Six dimensions: 4.4 * 5 and 3.8 give an overall of 4.3 and a distance of exactly 0.5.
    assert kinds(score(SMALL, level_answers(a=4.4, b=4.4, c=4.4, d=4.4, e=4.4, g=3.8))) == [("g", (NeedKind.RELATIVE,))]


def test_little_opportunity_is_a_need_even_where_no_mean_exists():
    answers = level_answers(a=4, b=4, c=4, d=4, e=4, f=4) | scored_answers(g=(4, 4, 4, None, None))
    (need,) = all_learning_needs(score(SMALL, answers, {"g": 5}))
    assert (need.dimension.key, need.kinds, need.mean, need.gap) == ("g", (NeedKind.EXPERIENCE,), None, None)


def test_needs_are_ordered_by_priority_then_gap_then_mean_then_module():
    answers = level_answers(a=3.6, b=2.8, c=3.2, d=3.2, e=2.6, f=3.4, g=3.4)
    importance = {"a": 5, "b": 3, "e": 3, "f": 4}
    profile = score(SMALL, answers, importance)
    # Priority e (gap 0.4) before b (0.2); then a (1.4), f (0.6); then without a gap c and d (3.2, module order), g.
    assert [need.dimension.key for need in all_learning_needs(profile)] == ["e", "b", "a", "f", "c", "d", "g"]
    assert [need.dimension.key for need in learning_needs(profile)] == ["e", "b", "a"]


def test_equal_gaps_are_equal_whatever_floating_point_says():
    assert 5 - 4.6 > 3 - 2.6  # by the last bit; the lower mean must decide all the same
    limits = Thresholds(priority_below=1, gap_from=0.4)
    profile = score(SMALL, level_answers(a=4.6, b=2.6), {"a": 5, "b": 3}, limits)
    assert [need.dimension.key for need in all_learning_needs(profile, limits)] == ["b", "a"]


def test_thresholds_are_the_callers():
    profile = score(SMALL, level_answers(a=4, b=4, c=4, d=4, e=4, f=4, g=4), limits=Thresholds(develop_below=4.5))
    assert len(learning_needs(profile)) == 3
    assert len(learning_needs(profile, Thresholds(needs_offered=1))) == 1


@given(answer_sets, st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 5)))
def test_at_most_three_needs_are_offered_and_no_priority_is_behind_another_kind(answers, importance):
    profile = score(SMALL, answers, importance)
    offered = learning_needs(profile)
    assert offered == all_learning_needs(profile)[:3]
    flags = [NeedKind.PRIORITY in need.kinds for need in all_learning_needs(profile)]
    assert flags == sorted(flags, reverse=True)
    assert all(need.kinds and need.reason for need in offered)


# A cohort


@pytest.mark.parametrize(
    ("people", "mean_shown", "distribution_shown"), [(7, False, False), (8, True, False), (10, True, True)]
)
def test_a_cohort_shows_a_mean_from_eight_and_a_distribution_from_ten(people, mean_shown, distribution_shown):
    rows = cohort_dimensions([score(SMALL, level_answers(a=4)) for _ in range(people)])
    assert (rows[0].n, rows[0].mean is not None, rows[0].distribution is not None) == (
        people,
        mean_shown,
        distribution_shown,
    )
    assert (rows[1].n, rows[1].mean, rows[1].distribution) == (0, None, None)


def test_small_cells_of_a_distribution_are_hidden_with_the_cell_that_would_reveal_them():
    profiles = [score(SMALL, level_answers(a=mean)) for mean in [2.0] * 3 + [3.2] * 6 + [4.0] * 11]
    distribution = cohort_dimensions(profiles)[0].distribution
    assert [(name, cell.text) for name, cell in distribution] == [
        (Level.PRIORITY, "fewer than 5"),
        (Level.DEVELOP, "not shown"),
        (Level.STRENGTH, "11"),
    ]


def test_a_cohort_of_nobody_has_no_rows():
    assert cohort_dimensions([]) == ()


# Before and after

TEN_BEFORE = dict(zip("abcdefghij", (3.0, 3.2, 2.8, 3.4, 3.0, 2.6, 3.8, 3.2, 3.0, 3.6), strict=True))
TEN_AFTER = dict(zip("abcdefghij", (3.4, 3.2, 3.4, 3.6, 3.8, 3.0, 3.6, 3.8, 3.4, 4.0), strict=True))


def test_change_over_ten_matched_people_agrees_with_the_sum_on_paper():
    # d: .4 0 .6 .2 .8 .4 -.2 .6 .4 .4 -> sum 3.6, mean .36; squares sum 2.08; SD = sqrt((2.08 - 1.296) / 9).
    result = matched_change(TEN_BEFORE, TEN_AFTER)
    sd = sqrt(0.784 / 9)
    assert (result.matched, result.total) == (10, 10)
    assert (result.before, result.after, result.mean) == pytest.approx((3.16, 3.52, 0.36))
    assert result.sd == pytest.approx(sd)
    assert result.dz == pytest.approx(0.36 / sd)
    half = 2.2621572 * sd / sqrt(10)
    assert result.interval == pytest.approx((0.36 - half, 0.36 + half), abs=1e-6)


def test_only_matched_people_count_and_the_total_says_how_many_there_were():
    result = matched_change(TEN_BEFORE | {"x": 1.0, "y": None}, TEN_AFTER | {"z": 5.0})
    assert (result.matched, result.total) == (10, 12)
    assert result.mean == pytest.approx(0.36)


@pytest.mark.parametrize(
    ("people", "mean_shown", "spread_shown"), [(7, False, False), (8, True, False), (9, True, False), (10, True, True)]
)
def test_few_pairs_are_suppressed(people, mean_shown, spread_shown):
    some = list(TEN_BEFORE)[:people]
    result = matched_change({p: TEN_BEFORE[p] for p in some}, {p: TEN_AFTER[p] for p in some})
    assert result.matched == people
    assert [v is not None for v in (result.before, result.after, result.mean)] == [mean_shown] * 3
    assert [v is not None for v in (result.sd, result.interval, result.dz)] == [spread_shown] * 3


@pytest.mark.parametrize(("people", "shown"), [(8, False), (9, False), (10, True)])
def test_few_pairs_are_suppressed_when_they_would_tell_what_one_more_person_answered(people, shown):
    some = list(TEN_BEFORE)[:people]
    before = {p: TEN_BEFORE[p] for p in some} | {"left": 1.0}
    assert (matched_change(before, {p: TEN_AFTER[p] for p in some}).mean is not None) == shown


def test_the_same_change_for_everyone_has_no_effect_size():
    before = {str(n): n / 5 for n in range(5, 25)}
    after = {str(n): (n + 1) / 5 for n in range(5, 25)}
    assert len({after[p] - before[p] for p in before}) > 1  # by floating point alone
    result = matched_change(before, after)
    assert (result.mean, result.sd, result.dz) == (pytest.approx(0.2), 0.0, None)
    assert result.interval == pytest.approx((0.2, 0.2))


@given(st.lists(st.tuples(st.integers(5, 25), st.integers(5, 25)), min_size=10, max_size=40))
def test_change_agrees_with_scipys_paired_t_test(pairs):
    before = {str(i): a / 5 for i, (a, _) in enumerate(pairs)}
    after = {str(i): b / 5 for i, (_, b) in enumerate(pairs)}
    result = matched_change(before, after)
    assert result.mean == pytest.approx(fmean((b - a) / 5 for a, b in pairs), abs=1e-9)
    if len({b - a for a, b in pairs}) > 1:
        interval = stats.ttest_rel([b / 5 for _, b in pairs], [a / 5 for a, _ in pairs]).confidence_interval(0.95)
        assert result.interval == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_response_shift_compares_the_same_people_side_by_side():
    then = dict.fromkeys(TEN_BEFORE, 2.0) | {"z": 1.0}
    shift = response_shift(TEN_BEFORE, then, TEN_AFTER)
    assert (shift.before_after.mean, shift.then_after.mean) == pytest.approx((0.36, 1.52))
    then.pop("a")
    assert response_shift(TEN_BEFORE, then, TEN_AFTER).before_after.matched == 9


def test_reliable_change_follows_jacobson_and_truax():
    # SE of difference = 0.5 * sqrt(2 * 0.2) = 0.31623; 0.7 / 0.31623 = 2.2136; 0.6 gives 1.8974.
    big = reliable_change(3.0, 3.7, sd_before=0.5, alpha=0.8, n=33)
    assert (big.direction, big.rci, big.claim) == (1, pytest.approx(2.21359, abs=1e-5), Claim.IMPROVED)
    small = reliable_change(3.0, 3.6, sd_before=0.5, alpha=0.8, n=33)
    assert (small.direction, small.claim) == (1, Claim.NO_RELIABLE_CHANGE)
    assert reliable_change(3.7, 3.0, sd_before=0.5, alpha=0.8, n=33).claim == Claim.DECLINED


def test_a_claim_starts_at_twenty_people_and_an_alpha_of_six_tenths():
    assert reliable_change(2.0, 4.0, sd_before=0.5, alpha=0.6, n=20).claim == Claim.IMPROVED


@pytest.mark.parametrize(
    "reference",
    [
        {"sd_before": 0.5, "alpha": 0.8, "n": 19},
        {"sd_before": 0.5, "alpha": 0.59, "n": 33},
        {"sd_before": 0.5, "alpha": None, "n": 33},
        {"sd_before": 0.0, "alpha": 0.8, "n": 33},
        {"sd_before": None, "alpha": 0.8, "n": 33},
        {"sd_before": 0.5, "alpha": 1.0, "n": 33},
    ],
)
def test_without_a_sound_yardstick_there_is_an_arrow_and_no_claim(reference):
    result = reliable_change(3.0, 4.0, **reference)
    assert (result.direction, result.rci, result.claim) == (1, None, None)


# Reliability

# Five people, three items. Variances 2.5, 1.7, 3.5 and, of the totals (15 13 7 5 6 -> mean 9.2) 20.2:
# alpha = 3/2 * (1 - 7.7 / 20.2).
COLUMNS = [(5, 4, 3, 2, 1), (5, 4, 2, 2, 3), (5, 5, 2, 1, 2)]


def test_cronbachs_alpha_agrees_with_the_sum_on_paper():
    assert cronbach_alpha(COLUMNS) == pytest.approx(1.5 * (1 - (2.5 + 1.7 + 3.5) / 20.2))


@pytest.mark.parametrize("columns", [[(1, 2, 3)], [(1,), (2,)], [(), ()], [(3, 3, 3), (2, 2, 2)], [(1, 5), (5, 1)], []])
def test_alpha_is_undefined_for_one_item_one_person_or_equal_totals(columns):
    assert cronbach_alpha(columns) is None


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=2, max_size=30))
def test_alpha_never_exceeds_one_and_ignores_the_order_of_people_and_items(cases):
    alpha = cronbach_alpha(list(zip(*cases, strict=True)))
    other = cronbach_alpha(list(zip(*sorted(cases), strict=True))[::-1])
    assert alpha == pytest.approx(other) if alpha is not None else other is None
    assert alpha is None or alpha <= 1 + 1e-12


def responses(cases, key="a"):
    return [scored_answers(**{key: case}) for case in cases]


STEADY = [(n % 5 + 1,) * 5 for n in range(20)]


@pytest.mark.parametrize(
    ("people", "hidden", "indicative"), [(9, True, False), (10, False, True), (19, False, True), (20, False, False)]
)
def test_alpha_is_hidden_under_ten_and_indicative_under_twenty(people, hidden, indicative):
    result = dimension_reliability(SMALL, "a", responses(STEADY[:people]))
    assert (result.n, result.hidden, result.indicative) == (people, hidden, indicative)


def test_reliability_reverses_first_and_takes_complete_cases_only():
    result = dimension_reliability(SMALL, "a", [*responses(STEADY), *responses([(1, 5, 1, 5, None)]), {}])
    assert (result.n, result.alpha, result.band) == (20, pytest.approx(1.0), Band.REPETITIVE)
    assert result.item_total == {f"a{n}": pytest.approx(1.0) for n in range(1, 6)}


def test_an_item_scored_the_wrong_way_round_stands_out():
    cases = [(*case[:4], 6 - case[4]) for case in STEADY]
    result = dimension_reliability(SMALL, "a", responses(cases))
    assert result.item_total["a5"] == pytest.approx(-1.0)
    assert result.if_deleted["a5"] == pytest.approx(1.0)
    assert result.if_deleted["a1"] < result.alpha < result.if_deleted["a5"]


def test_a_negative_alpha_warns():
    cases = [(1, 5, 1, 5, 3), (5, 1, 5, 1, 3), (1, 5, 2, 5, 3), (5, 1, 4, 1, 4)] * 5
    result = dimension_reliability(SMALL, "a", responses(cases))
    assert (result.alpha < 0, result.warning, result.band) == (True, True, Band.WEAK)


def test_an_item_everyone_answers_alike_has_no_correlation():
    result = dimension_reliability(SMALL, "a", responses([(*case[:4], 3) for case in STEADY]))
    assert result.item_total["a5"] is None


@pytest.mark.parametrize(
    ("alpha", "band"),
    [
        (0.59, Band.WEAK),
        (0.6, Band.CAUTION),
        (0.69, Band.CAUTION),
        (0.7, Band.GOOD),
        (0.89, Band.GOOD),
        (0.9, Band.REPETITIVE),
        (None, None),
    ],
)
def test_the_bands_of_alpha(alpha, band):
    template = dimension_reliability(SMALL, "a", responses(STEADY))
    assert type(template)(20, alpha, {}, {}, indicative=False, hidden=False).band == band


# Student's t


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 9, 10, 25, 32, 100, 999])
@pytest.mark.parametrize("p", [0.005, 0.1, 0.5, 0.9, 0.975, 0.9995])
def test_the_t_quantile_agrees_with_scipy(p, df):
    assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-8, abs=1e-9)


@given(st.floats(-40, 40), st.integers(1, 300))
def test_the_t_distribution_agrees_with_scipy(t, df):
    assert t_cdf(t, df) == pytest.approx(stats.t.cdf(t, df), abs=1e-10)


@pytest.mark.parametrize(("p", "df"), [(0.5, 0), (0, 5), (1, 5)])
def test_a_quantile_that_does_not_exist_is_refused(p, df):
    with pytest.raises(ValueError, match="Student"):
        t_quantile(p, df)
