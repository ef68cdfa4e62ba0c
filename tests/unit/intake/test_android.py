from __future__ import annotations

import hashlib

import pytest
from tests.unit.intake.conftest import Read

from forbear.base.errors import InputError
from forbear.intake import Form, Log

# 2026-03-10 17:59:02 in Shanghai.
DATE = "1773136742000"
HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"


def call(
    number: str = "95187",
    duration: str = "0",
    date: str = DATE,
    kind: str = "1",
    more: str = 'presentation="1"',
):
    return f'<call number="{number}" duration="{duration}" date="{date}" type="{kind}" {more} />'


def sms(body: str = "hello", kind: str = "1", date: str = DATE, address: str = "1069018795187"):
    return f'<sms address="{address}" date="{date}" type="{kind}" body="{body}" sub_id="1" />'


def calls(*rows: str):
    return HEAD + f'<calls count="{len(rows)}">\n' + "\n".join(rows) + "\n</calls>\n"


def smses(*rows: str):
    return HEAD + f'<smses count="{len(rows)}">\n' + "\n".join(rows) + "\n</smses>\n"


def only(log: Log):
    assert len(log.rows) == 1
    assert log.unreadable == ()
    return log.rows[0]


def problem(log: Log):
    assert len(log.unreadable) == 1
    return str(log.unreadable[0])


def test_a_call_is_read_with_its_number_moment_and_length(read: Read):
    row = only(read(calls(call(duration="74", more='subscription_id="2"'))))
    assert (row.kind, row.form, row.number) == ("call", Form.CALL_BACKUP, "95187")
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"
    assert (row.incoming, row.outcome, row.duration_seconds) == (True, "conversation", 74)
    assert row.sim == "2"


def test_each_row_points_to_its_file_and_line_and_raw_bytes(read: Read):
    text = call()
    log = read(calls(call(date="1773136741000"), text), names=["calls.xml"])
    assert (log.rows[1].source.file, log.rows[1].source.line) == ("calls.xml", 4)
    assert log.rows[1].sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_missed_call_is_a_contact(read: Read):
    row = only(read(calls(call(kind="3"))))
    assert (row.incoming, row.outcome) == (True, "no_answer")


@pytest.mark.parametrize(
    ("kind", "seconds", "incoming", "outcome"),
    [
        ("1", "0", True, "answered_limited"),
        ("2", "0", False, "no_answer"),
        ("2", "9", False, "conversation"),
        ("4", "0", True, "voicemail_left"),
        ("5", "0", True, "no_answer"),
        ("6", "0", True, "no_answer"),
        ("7", "0", True, "answered_limited"),
    ],
)
def test_each_type_of_call_has_its_direction_and_outcome(
    read: Read, kind: str, seconds: str, incoming: bool, outcome: str | None
):
    row = only(read(calls(call(kind=kind, duration=seconds))))
    assert (row.incoming, row.outcome) == (incoming, outcome)


def test_an_unknown_type_of_call_is_reported_and_the_others_are_kept(read: Read):
    log = read(calls(call(kind="12"), call()))
    assert len(log.rows) == 1
    assert "log0.txt line 3: type '12' of a call is unknown" in problem(log)


def test_a_backup_shows_unanswered_calls(read: Read):
    log = read(calls(call()))
    assert (log.shows_unanswered, log.shows_calls, log.shows_texts) == (True, True, False)


@pytest.mark.parametrize("root", ['<calls count="0">\n</calls>', '<calls count="0" />', "<calls/>"])
def test_a_backup_without_calls_says_that_there_were_none(read: Read, root: str):
    log = read(HEAD + root)
    assert (log.rows, log.unreadable) == ((), ())
    assert log.shows_calls


def test_a_hidden_number_is_no_number(read: Read):
    row = only(read(calls(call(number="13800000001", more='presentation="2"'))))
    assert (row.number, row.displayed_as) == (None, None)


@pytest.mark.parametrize("more", ["", 'presentation="null"'])
def test_a_backup_that_leaves_presentation_out_hides_no_number(read: Read, more: str):
    assert only(read(calls(call(more=more)))).number == "95187"


def test_the_word_null_is_no_text_name_or_length(read: Read):
    more = 'contact_name="null" subscription_id="null"'
    row = only(read(calls(call(duration="null", more=more))))
    assert (row.name, row.sim, row.duration_seconds) == (None, None, 0)
    assert only(read(smses(sms(body="null")))).text is None


def test_the_app_s_word_for_a_stranger_is_no_name(read: Read):
    assert only(read(calls(call(more='contact_name="(Unknown)"')))).name is None
    assert only(read(calls(call(more='contact_name="妈妈"')))).name == "妈妈"


def test_the_local_readable_date_is_ignored(read: Read):
    row = only(read(calls(call(more='readable_date="1 Jan 1999"'))))
    assert row.at.year == 2026


@pytest.mark.parametrize(
    ("date", "what"),
    [
        ("0", "date 1970-01-01: the phone's clock was not set"),
        ("4072521600000", "lies in the future"),
        ("-62135700000000", "beyond any calendar"),
        ("999999999999999999", "beyond any calendar"),
        ("yesterday", "is no number of milliseconds"),
        ("", "is no number of milliseconds"),
    ],
)
def test_a_date_no_phone_can_have_is_reported_and_the_good_rows_are_kept(
    read: Read, date: str, what: str
):
    log = read(calls(call(date=date), call()))
    assert len(log.rows) == 1
    assert what in problem(log)


def test_a_length_that_is_no_number_is_reported(read: Read):
    assert "duration '1m' is no number of seconds" in problem(read(calls(call(duration="1m"))))


def test_a_text_received_and_a_text_sent_are_contacts(read: Read):
    log = read(smses(sms(), sms(kind="2", address="+8613800000001", body="reply")))
    assert [(r.kind, r.incoming, r.number) for r in log.rows] == [
        ("sms", True, "1069018795187"),
        ("sms", False, "13800000001"),
    ]
    assert (log.shows_texts, log.shows_calls, log.shows_unanswered) == (True, False, False)


@pytest.mark.parametrize("kind", ["3", "4", "5", "6"])
def test_drafts_and_unsent_texts_are_no_contacts_and_are_counted(read: Read, kind: str):
    log = read(smses(sms(), sms(kind=kind), sms(kind=kind)))
    assert len(log.rows) == 1
    assert "2 " in log.notes[0].en
    assert "left out" in log.notes[0].en


def test_an_emoji_written_as_two_surrogates_becomes_one_character(read: Read):
    row = only(read(smses(sms(body="还款 &#55357;&#56832; 谢谢"))))
    assert row.text == "还款 \U0001f600 谢谢"


def test_half_a_surrogate_pair_does_not_cost_the_row(read: Read):
    assert only(read(smses(sms(body="a&#55357;b")))).text == "a\ufffdb"


def test_characters_that_xml_forbids_do_not_cost_the_row(read: Read):
    assert only(read(smses(sms(body="a&#0;b\x01c&#xFFFF;")))).text.split() == ["a", "b", "c"]


def test_a_multimedia_message_has_its_sender_and_text_from_inside(read: Read):
    mms = f"""<mms date="{DATE}" msg_box="1" address="13800000009" sub="null"><parts>
      <part ct="application/smil" text="x" /><part ct="text/plain" text="请还款" />
      <part ct="image/jpeg" data="AAAA" /></parts>
      <addrs><addr address="+8613800000001" type="137" /><addr address="13" type="151" /></addrs>
      </mms>"""
    row = only(read(smses(mms)))
    assert (row.number, row.text, row.incoming) == ("13800000001", "请还款", True)


def test_a_multimedia_message_sent_has_its_receiver(read: Read):
    addrs = '<addr address="insert-address-token" type="137" /><addr address="95187" type="151" />'
    row = only(read(smses(f'<mms date="{DATE}" msg_box="2"><addrs>{addrs}</addrs></mms>')))
    assert (row.number, row.incoming) == ("95187", False)


def test_a_multimedia_draft_is_no_contact(read: Read):
    assert read(smses(f'<mms date="{DATE}" msg_box="3" />')).rows == ()


def test_a_backup_cut_inside_a_row_keeps_the_rows_before_it(read: Read):
    whole = calls(call(), call(date="1773136743000"))
    log = read(whole[: whole.rindex("type=")])
    assert len(log.rows) == 1
    assert "line 4: the file breaks off in this row; export it again" in problem(log)


def test_a_backup_cut_after_a_row_says_so_and_keeps_that_row(read: Read):
    log = read(calls(call()).replace("</calls>", ""))
    assert len(log.rows) == 1
    assert "breaks off after this row" in problem(log)


def test_a_backup_cut_before_its_first_row_says_so(read: Read):
    assert "before its first row" in problem(read(HEAD + '<calls count="9">\n'))


def test_a_damaged_row_costs_itself_alone(read: Read):
    log = read(calls(call(), '<call number="1 type="1" />', call(number="95188")))
    assert [row.number for row in log.rows] == ["95187", "95188"]
    assert "line 4: the row is damaged" in problem(log)


def test_rubbish_between_rows_costs_no_row(read: Read):
    log = read(calls(call(), "& <oops", call(number="95188"), "<other /> &x;"))
    assert [row.number for row in log.rows] == ["95187", "95188"]


def test_a_damaged_row_among_thousands_keeps_every_line_right(read: Read):
    rows = [call(date=str(1773000000000 + 1000 * n)) for n in range(1000)]
    rows[600] = "<call number='"
    log = read(calls(*rows))
    assert len(log.rows) == 999
    assert [row.source.line for row in log.rows] == [n + 3 for n in range(1000) if n != 600]
    assert log.unreadable[0].source.line == 603


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<calls>&b;</calls>',
        "<calls>\n<!doctype x>" + call() + "</calls>",
        '<!ENTITY a SYSTEM "file:///etc/passwd">\n<calls></calls>',
    ],
)
def test_an_entity_bomb_is_refused_unexpanded_in_one_line(read: Read, bomb: str):
    with pytest.raises(InputError, match=r"^log0\.txt: line \d: .* is refused unread, [^\n]*$"):
        read(HEAD + bomb)


def test_an_entity_bomb_behind_good_rows_is_refused_too(read: Read):
    rows = [call()] * 3000
    with pytest.raises(InputError, match="refused unread"):
        read(calls(*rows, '<!DOCTYPE x [<!ENTITY a "a">]>'))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_backup_is_read_in_every_encoding_that_tools_write(read: Read, encoding: str):
    log = read(smses(sms(body="【甲小贷】您的借款已逾期")).encode(encoding))
    assert only(log).text == "【甲小贷】您的借款已逾期"


def test_bytes_of_a_wrong_encoding_are_reported_once_and_the_rows_kept(read: Read):
    text = smses(sms(body="还款"), sms(body="逾期", date="1773136743000")).encode()
    log = read(text.replace("款".encode(), b"\xff\xfe\xff"))
    assert [row.text for row in log.rows] == ["还\ufffd\ufffd\ufffd", "逾期"]
    assert "line 3: bytes here are not UTF-8" in problem(log)


def test_a_backup_on_one_line_is_read(read: Read):
    log = read(calls(call(), call(number="95188")).replace("\n", ""))
    assert [row.number for row in log.rows] == ["95187", "95188"]


def test_overlapping_backups_count_each_contact_once(read: Read):
    one = calls(call(), call(date="1773136743000"))
    two = calls(call(date="1773136743000"), call(date="1773136744000"))
    log = read(one, two)
    assert (len(log.rows), log.duplicates) == (3, 1)
    assert any("counts once" in note.en for note in log.notes)


def test_xml_that_is_no_backup_is_refused(read: Read):
    with pytest.raises(InputError, match="XML and no backup"):
        read(HEAD + "<contacts><contact /></contacts>")
    with pytest.raises(InputError, match="without calls or messages"):
        read(HEAD + "<!-- nothing --><contacts><contact /></contacts>")


def test_a_backup_with_its_first_bytes_lost_is_still_read(read: Read):
    assert len(read(calls(call())[3:]).rows) == 1


def test_a_comment_hides_the_rows_inside_it(read: Read):
    log = read(calls(f"<!-- {call()} -->", call(number="95188")))
    assert [row.number for row in log.rows] == ["95188"]
