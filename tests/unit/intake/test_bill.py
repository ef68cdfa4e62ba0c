from __future__ import annotations

import pytest
from tests.unit.intake.conftest import Read

from forbear.base.errors import InputError
from forbear.intake import Form, Log

MOBILE = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"
ROW = '2026-03-10 17:59:02,北京,被叫,="95187"\t,1分23秒,国内通话,基本套餐,0.00\n'


def only(log: Log):
    assert len(log.rows) == 1
    assert log.unreadable == ()
    return log.rows[0]


def problem(log: Log):
    assert len(log.unreadable) == 1
    return str(log.unreadable[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_china_mobile_bill_is_read_in_every_encoding(read: Read, encoding: str):
    log = read((MOBILE + ROW).encode(encoding), names=["bill.csv"])
    row = only(log)
    assert (row.form, row.kind, row.number) == (Form.BILL, "call", "95187")
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"
    assert (row.incoming, row.outcome, row.duration_seconds) == (True, "conversation", 83)
    assert (row.source.file, row.source.line) == ("bill.csv", 2)


def test_a_bill_shows_no_unanswered_calls_and_says_so(read: Read):
    log = read(MOBILE + ROW)
    assert (log.shows_calls, log.shows_unanswered, log.shows_texts) == (True, False, False)
    assert any("no unanswered calls" in note.en for note in log.notes)


@pytest.mark.parametrize(
    "text",
    [
        # China Telecom and China Unicom order their columns by province.
        "序号,对方号码,呼叫类型,开始时间,时长(秒),通话地\n1,95187,被叫,2026-03-10 17:59:02,83,京\n",
        "呼叫类型;通话日期;通话时间;对方号码;通话时长\n被叫;2026-03-10;17:59:02;95187;00:01:23\n",
        "主叫号码,被叫号码,呼叫类型,通话开始时间,通话时长\n"
        "95187,13800000010,呼入,20260310175902,83\n",
        "对方号码\t呼叫方式\t开始时间\t通话时长\n95187\t来电\t2026/3/10 17:59:02\t83秒\n",
    ],
)
def test_columns_are_found_by_name_whatever_their_order(read: Read, text: str):
    row = only(read(text))
    assert (row.number, row.incoming, row.duration_seconds) == ("95187", True, 83)
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"


def test_a_call_made_is_outgoing(read: Read):
    row = only(read(MOBILE + ROW.replace("被叫", "主叫")))
    assert (row.incoming, row.outcome) == (False, "conversation")


def test_a_length_under_a_title_in_minutes_counts_minutes(read: Read):
    text = "开始时间,对方号码,呼叫类型,通话时长(分钟)\n2026-03-10 17:59:02,95187,被叫,2\n"
    assert only(read(text)).duration_seconds == 120


def test_the_phone_that_a_bill_is_for_tells_the_direction_where_no_column_does(read: Read):
    title = "客户号码:13800000010\n"
    head = "主叫号码,被叫号码,开始时间,通话时长\n"
    first = "95187,13800000010,2026-03-10 17:59:02,83\n"
    second = "13800000010,95187,2026-03-10 18:59:02,83\n"
    log = read(title + head + first + second)
    assert [(row.number, row.incoming) for row in log.rows] == [("95187", True), ("95187", False)]
    assert "direction says nothing" in problem(read(head + first))


def test_a_missing_year_is_found_in_the_title(read: Read):
    log = read("查询月份:2026年03月\n\n" + MOBILE + ROW.replace("2026-", ""))
    assert only(log).at.year == 2026


def test_a_missing_year_over_new_year_goes_with_the_month(read: Read):
    rows = ROW.replace("2026-03", "12") + ROW.replace("2026-03", "01")
    log = read("2025年12月01日至2026年01月31日\n" + MOBILE + rows)
    assert [row.at.strftime("%Y-%m") for row in log.rows] == ["2025-12", "2026-01"]


def test_a_missing_year_is_found_in_a_column_beside_it(read: Read):
    log = read("月份," + MOBILE + "202603," + ROW.replace("2026-", ""))
    assert only(log).at.year == 2026


def test_a_missing_year_that_nothing_tells_is_asked_for(read: Read):
    text = MOBILE + ROW.replace("2026-", "")
    assert "line 2: '03-10 17:59:02' has no year; pass --year" in problem(read(text))
    assert only(read(text, year=2026)).at.year == 2026


def test_titles_totals_and_repeated_headers_are_no_rows(read: Read):
    text = f"中国移动详单\n\n{MOBILE}{ROW}\n{MOBILE}{ROW.replace('17:', '18:')}合计,,,,,,,0.00\n"
    log = read(text)
    assert (len(log.rows), log.unreadable) == (2, ())


def test_forwarded_calls_are_left_out_and_counted(read: Read):
    log = read(MOBILE + ROW + ROW.replace("被叫", "呼叫转移"))
    assert len(log.rows) == 1
    assert "1 forwarded" in log.notes[0].en


def test_a_withheld_number_is_kept_as_a_row(read: Read):
    assert only(read(MOBILE + ROW.replace('="95187"', "无"))).number is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2026-03-10", "2099-03-10", "lies in the future"),
        ("2026-03-10", "1970-01-01", "clock was not set"),
        ("2026-03-10", "2026-02-30", "no date of the calendar"),
        ("被叫", "unclear", "direction says unclear; write 主叫"),
        ("1分23秒", "long", "no length of a call"),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_and_the_others_kept(
    read: Read, old: str, new: str, what: str
):
    log = read(MOBILE + ROW.replace(old, new) + ROW)
    assert len(log.rows) == 1
    assert problem(log).startswith("log0.txt line 2: ")
    assert what in problem(log)


TEXTS = "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐,通信费\n"


def test_texts_on_a_bill_are_texts(read: Read):
    row = "2026-03-10 17:59:02,北京,{},{},短信,点对点,,0.10\n"
    log = read(TEXTS + row.format("1069018795187", "接收") + row.format("13800000001", "发送"))
    found = [(r.kind, r.incoming, r.outcome, r.duration_seconds) for r in log.rows]
    assert found == [("sms", True, "delivered", None), ("sms", False, "delivered", None)]


def test_a_bill_of_texts_alone_says_nothing_about_calls(read: Read):
    log = read(TEXTS + "2026-03-10 17:59:02,北京,1069018795187,接收,短信,,,0.10\n")
    assert (log.shows_calls, log.shows_unanswered, log.shows_texts) == (False, False, True)
    assert log.notes == ()


def test_the_kind_of_service_tells_a_text_where_the_direction_does_not(read: Read):
    text = "时间,对方号码,类型,业务类型\n2026-03-10 17:59:02,95187,被叫,短信\n"
    assert only(read(text)).kind == "sms"


def test_a_bill_with_unknown_columns_is_refused_with_the_columns_seen(read: Read):
    with pytest.raises(InputError) as refused:
        read("a,b,c\n1,2,3\n", names=["bill.csv"])
    text = str(refused.value)
    assert text.startswith("bill.csv: line 1: the columns are not known, seen: «a», «b», «c»; ")
    assert "looked for a time (起始时间/" in text
    assert "use the template" in text
    assert "\n" not in text


def test_a_bill_in_a_web_page_saved_as_xls_is_read(read: Read):
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split(",")) + "</tr>"
        for line in (MOBILE + ROW).splitlines()
    )
    page = f"<html><body><table>{rows}</table></body></html>".encode("gbk")
    row = only(read(page, names=["bill.xls"]))
    assert (row.number, row.duration_seconds, row.source.line) == ("95187", 83, 2)
