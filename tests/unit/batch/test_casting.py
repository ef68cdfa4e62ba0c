"""Columns of any type come out as those of a chunk; what cannot is told by row, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from forbear.base.clock import instant_of, parse_moment
from forbear.base.errors import CaseError, InputError
from forbear.base.words import Channel
from forbear.batch import casting, nested
from forbear.batch.casting import Wrong
from forbear.batch.schema import INSTANT, WORD

_AT = "2026-03-10T17:59:00+08:00"
_INSTANT = 1_773_136_740


def _instants(values: Any, kind: Any = None, *, ever: bool = False) -> tuple[list[Any], Wrong]:
    wrong: Wrong = {}
    found = casting.instants(pa.array(values, kind), "at", wrong, ever=ever)
    assert found.type == INSTANT
    return found.cast(pa.int64()).to_pylist(), wrong


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([_AT, "2026-03-10T09:59:00Z", " 2026-03-10 04:59:00.999-05:00 ", None], None),
        ([_INSTANT, _INSTANT, _INSTANT, None], pa.int32()),
        ([_INSTANT * 1000 + 999, _INSTANT * 1000, _INSTANT * 1000, None],
         pa.timestamp("ms", tz="Asia/Shanghai")),
        ([_INSTANT] * 3 + [None], pa.timestamp("s", tz="UTC")),
        ([_INSTANT * 10**9 + 1] * 3 + [None], pa.timestamp("ns", tz="+08:00")),
    ],
)  # fmt: skip
def test_times_are_whole_seconds_however_they_are_stored(values: list[Any], kind: Any):
    assert _instants(values, kind) == ([_INSTANT] * 3 + [None], {})


def test_a_fraction_before_1970_is_cut_off_as_in_a_case():
    text = "1969-12-31T23:59:58.500+00:00"
    at = instant_of(parse_moment(text, where="at"))
    assert at == -2
    assert _instants([text]) == ([at], {})
    assert _instants([-1500], pa.timestamp("ms", tz="UTC")) == ([at], {})


def test_texts_are_read_as_the_plain_reader_reads_them():
    """Both readers agree on every text that either takes, wherever it stands in a long column."""
    rnd = Random(1)
    forms = [
        "{:%Y-%m-%dT%H:%M:%S}+08:00", "{:%Y-%m-%d %H:%M:%S}Z", "{:%Y-%m-%dT%H:%M:%S.%f}-03:30",
        "{:%Y-%m-%dT%H:%M}+00:00", "{:%Y%m%dT%H%M%S}+0800", "{:%Y-%m-%dT%H:%M:%S}",
        "{:%d.%m.%Y}", "{:%Y-%m-%dT%H:%M:%S}+08", "24:00", "2026-02-29T00:00:00Z", "nonsense",
    ]  # fmt: skip
    weights = [300] * 4 + [1] * 7
    texts = []
    for _ in range(5_000):
        moment = datetime.fromtimestamp(rnd.randrange(1_600_000_000, 1_800_000_000), UTC)
        texts.append(rnd.choices(forms, weights)[0].format(moment))
    found, wrong = _instants(texts)
    for row, text in enumerate(texts):
        assert (found[row], wrong.get(row)) == _plainly(text)
    assert 0 < len(wrong) < 200


def _plainly(text: str) -> tuple[int | None, str | None]:
    try:
        return instant_of(parse_moment(text, where="at")), None
    except CaseError as error:
        return None, str(error)


def test_years_that_no_contact_was_made_in_are_wrong_but_a_fact_may_hold_for_ever():
    texts = ["0226-03-10T17:59:00Z", "2200-01-01T00:00:00Z", "2199-12-31T23:59:59Z"]
    _, wrong = _instants(texts)
    assert wrong == {
        0: "at: the year 226 cannot be right; correct the date",
        1: "at: the year 2200 cannot be right; correct the date",
    }
    assert _instants(["9998-12-31T00:00:00Z"], ever=True)[1] == {}
    (_, wrong) = _instants([_INSTANT * 1000], pa.int64(), ever=True)
    assert "divide what is in milliseconds by 1,000" in wrong[0]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (pa.array([0], pa.timestamp("us")), "have no offset from UTC"),
        (pa.array([0], pa.date32()), r"it holds times with their offset"),
        (pa.array([True]), r"or seconds since 1970 UTC"),
    ],
)
def test_a_column_that_would_be_a_guess_is_refused(column: pa.Array, says: str):
    with pytest.raises(InputError, match=says):
        casting.instants(column, "at", {})


def test_words_have_one_dictionary_whatever_the_rows_say():
    wrong: Wrong = {}
    plain = casting.words(pa.array([" Call", "SMS", None, "", "fax"]), Channel, "channel", wrong)
    assert plain.to_pylist() == ["call", "sms", None, None, None]
    assert plain.type == WORD
    assert plain.dictionary.to_pylist() == list(map(str, Channel))
    assert set(wrong) == {4}
    assert wrong[4].startswith("channel 'fax' is unknown; known are call, voicemail, sms")
    coded = casting.words(pa.array(["sms"] * 2).dictionary_encode(), Channel, "channel", {})
    assert coded.dictionary.equals(plain.dictionary)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([True, None, False]), [True, None, False]),
        (pa.array([1, None, 0]), [True, None, False]),
        (pa.array(["yes", "", "否"]), [True, None, False]),
        (pa.array(["True", None, "n"]).dictionary_encode(), [True, None, False]),
    ],
)
def test_yes_and_no_are_written_in_many_ways(column: pa.Array, expected: list[Any]):
    assert casting.truths(column, "bot", {}).to_pylist() == expected


def test_neither_yes_nor_no_is_told_by_row():
    wrong: Wrong = {}
    casting.truths(pa.array(["yes", "perhaps"]), "bot", wrong)
    assert wrong == {1: "bot: 'perhaps' is neither yes nor no; write yes (是) or no (否)"}


def test_numbers_may_be_text():
    wrong: Wrong = {}
    found = casting.numbers(pa.array(["17", " ", None, "old", "17.5"]), "party_age", wrong)
    assert found.to_pylist() == [17.0, None, None, None, 17.5]
    assert wrong == {3: "party_age: 'old' is no number; write one such as 17"}
    assert casting.numbers(pa.array([3, None]), "seq", {}, whole=True).to_pylist() == [3, None]
    with pytest.raises(InputError, match="column seq holds list"):
        casting.numbers(pa.array([[1]]), "seq", {}, whole=True)


def test_names_may_be_whole_numbers_even_as_pandas_keeps_them():
    floats = pa.array([7.0, float("nan"), None])
    assert casting.names(floats, "person", whole=True).to_pylist() == [7, None, None]
    assert casting.names(floats, "person").to_pylist() == ["7", None, None]
    assert casting.names(pa.array([7, 8], pa.int16()), "id").to_pylist() == ["7", "8"]
    assert casting.names(pa.nulls(2), "id").to_pylist() == [None, None]
    with pytest.raises(InputError, match="column person holds fractions"):
        casting.names(pa.array([0.5]), "person")
    with pytest.raises(InputError, match="it holds names, as texts or as whole numbers"):
        casting.names(pa.array([{"a": 1}]), "person")


def test_debts_are_one_name_a_row_until_a_row_has_several():
    assert casting.debts(pa.array([5, None]), {}, whole=True).type == pa.int64()
    assert casting.debts(pa.array(["A", None]), {}).to_pylist() == ["A", None]
    several = casting.debts(pa.array(["A;B", "C", None, '["D, d", "E"]']), {})
    assert several.to_pylist() == [["A", "B"], ["C"], None, ["D, d", "E"]]
    listed = casting.debts(pa.array([["A"], None], pa.large_list(pa.large_string())), {})
    assert (listed.type, listed.to_pylist()) == (casting.NAMES, [["A"], None])


def test_a_list_with_an_empty_place_is_told():
    wrong: Wrong = {}
    casting.lists(pa.array([["A"], ["A", None], None, [], [None]]), "debts", wrong)
    assert wrong == dict.fromkeys(
        (1, 4), "debts: the list has an empty place; leave out what is empty"
    )


def test_single_numbers_become_lists_of_one():
    found = casting.lists(pa.array([7, None, 8]), "debts", {})
    assert found.to_pylist() == [["7"], None, ["8"]]


def test_profiles_are_json_objects():
    wrong: Wrong = {}
    cells = ['{"employer": "agency:a"}', "{", "[]", "", None, '{"score": NaN}']
    found = nested.profiles(pa.array(cells), "agent_profile", wrong)
    assert found.to_pylist() == [cells[0], None, None, None, None, None]
    assert found.null_count == 5
    assert wrong == {
        1: "agent_profile: '{' is no JSON; mend its brackets and quotation marks",
        2: "agent_profile: '[]' is no JSON object; write one",
        5: "agent_profile: '{\"score\": NaN}' is no JSON; mend its brackets and quotation marks",
    }


def test_nested_profiles_become_json_without_what_is_unsaid():
    cells = [{"employer": "a", "listed": None}, None, {"employer": None, "listed": False}]
    found = nested.profiles(pa.array(cells), "agent_profile", {})
    assert found.to_pylist() == ['{"employer": "a"}', None, '{"listed": false}']


def test_the_value_of_a_fact_may_be_a_bare_word():
    wrong: Wrong = {}
    cells = ["home", '"home"', '{"a": 1}', "0.3", "", None, "{a}"]
    found = nested.values(pa.array(cells), "value", wrong)
    assert found.to_pylist() == ['"home"', '"home"', '{"a": 1}', "0.3", None, None, None]
    assert set(wrong) == {6}


def test_few_words_become_a_dictionary_and_many_do_not():
    few = pa.array(["a", "b"] * 5_000)
    many = pa.array([str(n) for n in range(10_000)])
    assert pa.types.is_dictionary(casting.encoded(few).type)
    assert casting.encoded(many).type == pa.string()


def test_a_dictionary_that_holds_nothing_in_a_place_is_mended():
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["a", None]))
    found = casting.texts(column)
    assert (found.to_pylist(), found.null_count) == (["a", None, None], 2)
    assert found.dictionary.null_count == 0
