from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forbear.audit.against import Compared, hold_against
from forbear.base.contact import Source
from forbear.base.errors import InputError
from forbear.base.words import Channel, Outcome, Party
from forbear.evidence.compared import Differs, Side, Why
from forbear.intake import Form, LogRow, Whose, parse_collector

Make = Callable[..., Any]
DAY = 86_400


def lines(lacks: Any) -> list[int]:
    return [lack.row.source.line for lack in lacks]


def test_what_both_show_is_in_no_list(phone: Make, told: Make, compared: Make):
    found: Compared = compared([phone(0), phone(500)], [told(1), told(501)])
    assert len(found.pairs) == 2
    assert not found.record_lacks
    assert not found.log_lacks


def test_a_contact_that_one_side_lacks_is_named_by_file_and_line(
    phone: Make, told: Make, compared: Make
):
    found: Compared = compared([phone(0), phone(5000)], [told(0), told(9000)])
    assert [lack.row.source for lack in found.record_lacks] == [Source(file="calls.xml", line=5000)]
    assert [lack.row.source for lack in found.log_lacks] == [Source(file="record.csv", line=9000)]


@pytest.mark.parametrize(
    "changes", [{"kind": Channel.SMS, "outcome": Outcome.DELIVERED}, {"incoming": False}]
)
def test_kind_and_direction_have_to_agree(
    changes: dict[str, Any], phone: Make, told: Make, compared: Make
):
    found: Compared = compared([phone(0), phone(60, **changes)], [told(0, **changes), told(60)])
    assert all(pair.log.channel == pair.record.channel for pair in found.pairs)
    assert all(pair.log.direction == pair.record.direction for pair in found.pairs)


def test_a_call_of_nobody_named_is_held_against_nobody(phone: Make, told: Make, compared: Make):
    """A mother's call is none that a lender has to record."""
    found: Compared = compared([phone(0), phone(5000, number="13900000009")], [told(0)])
    assert len(found.pairs) == 1
    assert not found.record_lacks
    assert not found.apart


def test_the_numbers_that_a_record_shows_whole_are_its_own(phone: Make, told: Make, compared: Make):
    found: Compared = compared([phone(0), phone(5000)], [told(0)], collectors=())
    assert lines(found.record_lacks) == [5000]


def test_a_masked_number_may_be_paired_but_accuses_nobody(phone: Make, told: Make, compared: Make):
    rows = [phone(at, number="13800130123") for at in (0, 4000, 8000, 12_000, 16_000)]
    record = [told(at, number="1380****123") for at in (0, 4000, 8000, 12_000)]
    found: Compared = compared(rows, record)
    assert len(found.pairs) == 4
    assert not found.record_lacks


def test_another_whole_number_at_the_same_time_is_no_pair_but_is_pointed_at(
    phone: Make, told: Make, compared: Make
):
    found: Compared = compared([phone(0)], [told(3, number="02199999999")])
    assert not found.pairs
    (lack,) = found.record_lacks
    assert [row.source.line for row in lack.maybe] == [3]
    assert found.ambiguous == (*found.record_lacks, *found.log_lacks)


def test_redials_leave_open_which_of_them_is_lacking(phone: Make, told: Make, compared: Make):
    missed = {"outcome": Outcome.NO_ANSWER}
    burst = [phone(at, **missed) for at in (0, 10, 20)]
    found: Compared = compared(burst, [told(2, **missed), told(12, **missed)])
    assert len(found.pairs) == 2
    (lack,) = found.record_lacks
    assert {row.source.line for row in (lack.row, *lack.instead)} == {0, 10, 20}


class TestOutcomes:
    @pytest.mark.parametrize(
        "ends",
        [
            (Outcome.CONVERSATION, Outcome.NO_ANSWER, Differs.ONLY_LOG_TALKED),
            (Outcome.NO_ANSWER, Outcome.CONVERSATION, Differs.ONLY_RECORD_TALKED),
            (Outcome.NO_ANSWER, Outcome.BUSY, None),
            (Outcome.CONVERSATION, Outcome.ANSWERED_LIMITED, None),
            (Outcome.CONVERSATION, Outcome.WRONG_NUMBER, None),
            (Outcome.NO_ANSWER, Outcome.VOICEMAIL_LEFT, None),
            (Outcome.CONVERSATION, None, None),
        ],
    )
    def test_only_what_a_phone_can_know_is_compared(
        self, ends: tuple[Outcome, Outcome | None, Differs | None],
        phone: Make, told: Make, compared: Make,
    ):  # fmt: skip
        mine, theirs, differs = ends
        found: Compared = compared([phone(0, outcome=mine)], [told(1, outcome=theirs)])
        assert [pair.differs for pair in found.pairs] == [differs]

    @pytest.mark.parametrize(
        "lengths",
        [(60, 61, None), (60, 119, None), (600, 700, None), (30, 300, Differs.LENGTH)],
    )
    def test_lengths_differ_where_ringing_cannot_explain_it(
        self, lengths: tuple[int, int, Differs | None], phone: Make, told: Make, compared: Make
    ):
        mine, theirs, differs = lengths
        found: Compared = compared(
            [phone(0, duration_seconds=mine)], [told(0, duration_seconds=theirs)]
        )
        assert [pair.differs for pair in found.pairs] == [differs]

    def test_a_text_that_came_was_delivered(self, phone: Make, told: Make, compared: Make):
        text: dict[str, Any] = {"kind": Channel.SMS, "text": "请还款"}
        found: Compared = compared(
            [phone(0, outcome=Outcome.DELIVERED, **text)],
            [told(1, outcome=Outcome.UNDELIVERED, **text)],
        )
        assert [pair.differs for pair in found.differs] == [Differs.ONLY_LOG_DELIVERED]

    def test_a_difference_that_another_pairing_would_settle_is_unsure(
        self, phone: Make, told: Make, compared: Make
    ):
        rows = [phone(at) for at in (9000, 18_000, 27_000, 36_000)]
        record = [told(at) for at in (9000, 18_000, 27_000, 36_000)]
        missed = {"outcome": Outcome.NO_ANSWER}
        rows += [phone(0), phone(2)]
        found: Compared = compared(rows, [*record, told(0), told(1, **missed)])
        (pair,) = found.differs
        assert pair.unsure is False, "both answered rows are paired, and one is left over"


class TestWhatNothingFollowsFrom:
    def test_what_the_other_side_does_not_cover_is_outside(
        self, phone: Make, told: Make, compared: Make
    ):
        found: Compared = compared(
            [phone(0), phone(-20 * DAY)], [told(0), told(30 * DAY)]
        )  # fmt: skip
        outside = {(each.row.source.line, each.side) for each in found.outside}
        assert (-20 * DAY, Side.LOG) in outside
        assert (30 * DAY, Side.RECORD) in outside
        assert not found.record_lacks
        assert not found.log_lacks

    @pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, None])
    def test_a_bill_lists_no_unanswered_calls(
        self, outcome: Outcome | None, phone: Make, told: Make, compared: Make
    ):
        found: Compared = compared(
            [phone(0, form=Form.BILL)], [told(0), told(7000, outcome=outcome), told(9000)]
        )
        assert [(e.row.source.line, e.why) for e in found.not_shown] == [(7000, Why.UNANSWERED)]
        assert lines(found.log_lacks) == [9000]

    @pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.OUT_OF_SERVICE])
    def test_a_phone_need_not_notice_a_busy_line(
        self, outcome: Outcome, phone: Make, told: Make, compared: Make
    ):
        found: Compared = compared([phone(0)], [told(0), told(7000, outcome=outcome)])
        assert [each.why for each in found.not_shown] == [Why.UNREACHED]

    def test_a_list_by_hand_need_not_be_complete(self, phone: Make, told: Make, compared: Make):
        by_hand = {"form": Form.WRITTEN, "file": "list.csv"}
        found: Compared = compared([phone(0, **by_hand)], [told(0), told(7000)])
        assert [each.why for each in found.not_shown] == [Why.BY_HAND]

    def test_a_kind_that_a_side_never_lists_is_not_lacking(
        self, phone: Make, told: Make, log: Make
    ):
        text: dict[str, Any] = {"kind": Channel.SMS, "outcome": Outcome.DELIVERED}
        visit: dict[str, Any] = {"kind": Channel.VISIT, "number": ""}
        found = hold_against(
            log([phone(-9000), phone(0), phone(500, **text), phone(9000)]),
            log([told(-9000), told(0), told(700, **visit), told(9000)]),
            collectors=[parse_collector("02110000001")],
        )
        assert {(each.row.source.line, each.side, each.why) for each in found.apart} == {
            (500, Side.LOG, Why.KIND),
            (700, Side.RECORD, Why.KIND),
        }

    def test_another_number_of_the_person_is_not_this_phone(
        self, phone: Make, told: Make, compared: Make
    ):
        here, there = {"address": "+8613800000001"}, {"address": "+8613800000002"}
        found: Compared = compared(
            [phone(0), phone(4000)],
            [
                told(0, more=here),
                told(4000, more=here),
                told(8000, more=here),
                told(9000, more=there),
            ],
        )
        assert lines(found.log_lacks) == [8000]
        assert [(e.row.source.line, e.why) for e in found.not_shown] == [(9000, Why.LINE)]


class TestRepeats:
    def test_a_row_told_twice_counts_once_and_is_listed(
        self, phone: Make, told: Make, compared: Make
    ):
        found: Compared = compared([phone(0)], [told(0), told(1, line=77)])
        assert len(found.pairs) == 1
        assert not found.log_lacks
        assert [(r.row.source.line, r.of.source.line, r.side) for r in found.repeats] == [
            (77, 0, Side.RECORD)
        ]

    def test_a_redial_a_few_seconds_later_is_no_repeat(
        self, phone: Make, told: Make, compared: Make
    ):
        missed = {"outcome": Outcome.NO_ANSWER}
        found: Compared = compared(
            [phone(0, **missed), phone(8, **missed)], [told(0, **missed), told(8, **missed)]
        )
        assert len(found.pairs) == 2
        assert not found.repeats

    def test_one_contact_in_the_lenders_and_the_agencys_file_counts_once(
        self, phone: Make, told: Make, compared: Make
    ):
        times = [n * 5000 for n in range(6)]
        found: Compared = compared(
            [phone(at) for at in times],
            [told(at) for at in times] + [told(at + 40, file="agency.csv") for at in times],
        )
        assert len(found.pairs) == 6
        assert len(found.repeats) == 6
        assert not found.log_lacks

    def test_rows_that_reading_has_dropped_are_listed_too(self, phone: Make, told: Make, log: Make):
        again = phone(0, line=44)
        found = hold_against(
            log([phone(0), phone(99)], duplicates=1, repeats=(again,)),
            log([told(0), told(99)]),
            collectors=[parse_collector("02110000001")],
        )
        assert [(r.row.source.line, r.of.source.line) for r in found.repeats] == [(44, 0)]


class TestWhoIsMeant:
    def record(self, told: Make) -> list[LogRow]:
        return [told(0, more={"person": "张三"}), told(9, more={"person": "李四"}), told(20)]

    def test_one_of_several_persons_has_to_be_named_and_nobody_is_named_to_the_reader(
        self, phone: Make, told: Make, log: Make
    ):
        with pytest.raises(InputError, match=r"about 2 persons.*--person ID") as refused:
            hold_against(log([phone(0)]), log(self.record(told)))
        assert "张三" not in str(refused.value)

    def test_only_the_rows_about_that_person_take_part(self, phone: Make, told: Make, log: Make):
        found = hold_against(log([phone(0)]), log(self.record(told)), person="张三")
        assert [pair.record.source.line for pair in found.pairs] == [0]
        assert found.unnamed == 1
        assert not found.log_lacks

    def test_a_person_whom_the_record_does_not_name_is_refused(
        self, phone: Make, told: Make, log: Make
    ):
        with pytest.raises(InputError, match="no row of the record names this person"):
            hold_against(log([phone(0)]), log(self.record(told)), person="王五")

    def test_calls_to_others_about_the_debt_are_left_out(
        self, phone: Make, told: Make, compared: Make
    ):
        record = [told(0), told(5000, more={"party": Party.EMPLOYER})]
        found: Compared = compared([phone(0)], record)
        assert found.elsewhere == 1
        assert not found.log_lacks
        theirs: Compared = compared([phone(5000)], record, whose=Whose.STRANGER)
        assert len(theirs.pairs) == 1

    def test_whose_calls_are_meant_has_to_be_known(self, phone: Make, told: Make, log: Make):
        record = log([told(0, number="L-017", more={"agent": "L-017"})])
        with pytest.raises(InputError, match=r"add --collector"):
            hold_against(log([phone(0)]), record)

    def test_a_ledger_is_no_log_and_a_log_no_ledger(self, phone: Make, told: Make, log: Make):
        with pytest.raises(InputError, match="itself a ledger"):
            hold_against(log([told(0)]), log([told(0)]))
        with pytest.raises(InputError, match=r"calls\.xml is no ledger"):
            hold_against(log([phone(0)]), log([phone(0)]))
