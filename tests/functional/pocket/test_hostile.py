"""What goes wrong for somebody real: two tabs, no storage, no engine, second thoughts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.functional.pocket.conftest import DRAWN, ENGINE_MS, Site, Visit
from tests.functional.pocket.logs import long_log

ROOT = Path(__file__).parents[3]
CALLS = ROOT / "examples" / "sample-calls.xml"
HEAD = "日期,时间,对方号码,来电/去电,是否接通,分钟,说了什么"
LIST = f"{HEAD}\n2026-03-11,09:00,95187,来电,是,2,\n"


@pytest.fixture
def broken(folder: Path, tmp_path: Path) -> Iterator[Site]:
    """A server that lost the engine, as an interrupted upload would leave it."""
    copy = tmp_path / "broken"
    shutil.copytree(folder, copy)
    (copy / "engine.zip").unlink()
    made = Site(copy)
    yield made
    made.stop()


def type_call(visitor: Visit, time: str, number: str) -> None:
    visitor.step("log")
    if not visitor.page.is_visible("#hand-date"):
        visitor.page.click("#by-hand > summary")
    visitor.page.fill("#hand-date", "2026-03-11")
    visitor.page.fill("#hand-time", time)
    visitor.page.fill("#hand-number", number)
    visitor.page.click("text=记下这一次")
    visitor.page.wait_for_selector("#written")


def judged(visitor: Visit) -> None:
    visitor.give(CALLS)
    visitor.choose("95187", name="甲小贷")
    visitor.check()


def stop_notice(visitor: Visit) -> None:
    visitor.step("want")
    visitor.page.check("#want-stop")
    visitor.step("papers/stop")


def papers_text(visitor: Visit) -> str:
    visitor.step("papers/timeline")
    visitor.page.wait_for_selector("main h1")
    return visitor.page.inner_text("main")


@pytest.mark.parametrize("step", ["start", "numbers", "findings", "papers"])
def test_without_its_engine_the_page_still_opens_and_says_so(
    visit: Callable[..., Visit], site: Site, broken: Site, step: str
):
    visitor = visit()
    type_call(visitor, "09:00", "95187")
    kept = visitor.page.evaluate("localStorage.getItem('forbear')")
    context = visitor.context
    page = context.new_page()
    page.add_init_script(f"localStorage.setItem('forbear', {kept!r})")
    page.goto(f"{broken.url}#{step}")
    page.wait_for_selector("html[data-engine=failed]", timeout=ENGINE_MS)
    assert "没能启动" in page.inner_text("body")
    page.goto(f"{broken.url}#danger")
    page.check("#danger-threat")
    assert page.get_attribute(".card.urgent a", "href") == "tel:110"
    assert site.url != broken.url


def test_a_paper_rests_on_no_log_that_was_removed(visit: Callable[..., Visit]):
    visitor = visit()
    judged(visitor)
    assert "95187" in papers_text(visitor)
    visitor.step("log")
    visitor.page.click("section[aria-labelledby=kept] button")
    visitor.page.wait_for_selector("#kept", state="detached")
    assert "95187" not in papers_text(visitor)


def test_a_paper_rests_on_no_log_that_was_erased(visit: Callable[..., Visit]):
    visitor = visit()
    judged(visitor)
    visitor.page.click("#erase")
    visitor.page.wait_for_selector("text=已经清除")
    assert "95187" not in papers_text(visitor)


def test_what_one_tab_erased_another_does_not_bring_back(visit: Callable[..., Visit]):
    visitor = visit()
    type_call(visitor, "09:00", "95187")
    first, second = visitor.page, visitor.open()
    visitor.page = first
    first.click("#erase")
    first.wait_for_selector("text=已经清除")
    second.evaluate("location.hash = 'danger'")
    second.check("#danger-no")
    kept = second.evaluate("localStorage.getItem('forbear')")
    assert '"danger":["no"]' in kept
    assert "95187" not in kept


def test_two_tabs_keep_what_both_wrote(visit: Callable[..., Visit]):
    visitor = visit()
    first, second = visitor.page, visitor.open()
    visitor.page = first
    type_call(visitor, "09:00", "95187")
    second.evaluate("location.hash = 'danger'")
    second.check("#danger-no")
    kept = second.evaluate("localStorage.getItem('forbear')")
    assert "95187" in kept
    assert '"danger":["no"]' in kept


NO_STORAGE = """
    for (const name of ['localStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new Error('no storage'); } });
"""


def test_where_nothing_can_be_stored_everything_works_until_it_is_closed(
    visit: Callable[..., Visit],
):
    visitor = visit()
    visitor.context.add_init_script(NO_STORAGE)
    visitor.page.close()
    visitor.page = visitor.open()
    judged(visitor)
    visitor.page.click("#erase")
    visitor.page.wait_for_selector("text=已经清除")
    visitor.step("log")
    assert visitor.page.locator("#kept").count() == 0
    assert visitor.trouble == []


def test_a_file_for_which_there_is_no_room_is_named_as_not_kept(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new Error('no room'); }; }"
    )
    visitor.give(CALLS)
    assert "没有地方保存" in visitor.page.inner_text("#status")


def test_a_saved_list_that_is_chosen_does_not_hide_the_calls_typed_since(
    visit: Callable[..., Visit],
):
    visitor = visit()
    visitor.give({"name": "手写记录.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    type_call(visitor, "21:30", "4000000001")
    visitor.page.wait_for_selector("text=读出 2 行")
    visitor.choose("95187", "4000000001")
    visitor.check()
    found = visitor.saved("#save-json")
    assert sorted(found["inputs"]) == ["手写记录-2.csv", "手写记录.csv"]


def test_a_slow_step_is_not_laid_over_the_one_opened_since(
    visit: Callable[..., Visit], tmp_path: Path
):
    visitor = visit()
    log = tmp_path / "calls.xml"
    log.write_bytes(long_log(5000))
    visitor.give(log)
    visitor.choose("95187")
    visitor.page.evaluate("location.hash = 'findings'")
    visitor.step("want")
    # Answers come one after another: after this one the findings were drawn, or were not.
    visitor.ask({"do": "version"})
    visitor.page.evaluate(DRAWN)
    assert visitor.page.get_attribute("main", "data-step") == "want"


def test_a_number_added_by_hand_that_the_log_holds_is_listed_once(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.give(CALLS)
    visitor.step("numbers")
    visitor.page.fill("#another", "13800000030")
    visitor.page.click(".add button")
    visitor.page.wait_for_selector("[id='collector-13800000030']", state="attached")
    assert visitor.page.locator("[id='collector-13800000030']").count() == 1


def test_a_number_whose_file_was_removed_is_still_seen_as_chosen(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.give(CALLS)
    visitor.step("numbers")
    visitor.page.click("main details > summary")
    visitor.page.check("[id='collector-13800000030']")
    visitor.step("log")
    visitor.page.click("section[aria-labelledby=kept] button")
    visitor.page.wait_for_selector("#kept", state="detached")
    type_call(visitor, "09:00", "95187")
    visitor.step("numbers")
    visitor.page.wait_for_selector("#check")
    assert visitor.page.is_checked("[id='collector-13800000030']")


def test_findings_without_a_log_ask_for_the_log(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.step("findings")
    assert "还没有记录" in visitor.page.inner_text("main")
    visitor.page.click("main a.button.main")
    visitor.page.wait_for_selector("main[data-step=log]")


@pytest.mark.parametrize(
    ("want", "told"),
    [
        ("hours", {"hours_from": "18:00", "hours_to": "18:00"}),
        ("pay", {"months": "1200"}),
        ("dispute", {"disputed": "不对" * 2500}),
        ("family", {"family": "\n".join(f"亲戚{n}" for n in range(60))}),
    ],
)
def test_what_is_told_oddly_never_takes_all_papers_away(
    visit: Callable[..., Visit], want: str, told: dict[str, str]
):
    visitor = visit()
    visitor.step("want")
    visitor.page.check(f"#want-{want}")
    visitor.step("papers")
    for name, value in told.items():
        visitor.page.fill(f"#told-{name}", value)
    visitor.page.reload()
    visitor.page.wait_for_selector("#list article")
    assert visitor.page.locator("#list a.open").count() >= 2


def test_lines_broken_in_a_paper_stay_broken(visit: Callable[..., Visit]):
    visitor = visit()
    stop_notice(visitor)
    visitor.page.wait_for_selector("#sheet")
    visitor.page.locator("#sheet p[contenteditable]").first.fill("第一行\n第二行")
    visitor.page.reload()
    visitor.page.wait_for_selector("#sheet")
    assert "第一行\n第二行" in visitor.page.inner_text("#sheet")


def test_a_dark_page_prints_dark_letters(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.page.select_option("#theme", "dark")
    stop_notice(visitor)
    visitor.page.wait_for_selector("#sheet")
    visitor.page.emulate_media(media="print")
    colour = visitor.page.evaluate("getComputedStyle(document.querySelector('#sheet p')).color")
    assert colour == "rgb(0, 0, 0)"


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_nothing_that_is_said_below_is_covered_by_the_doors(visit: Callable[..., Visit], lang: str):
    visitor = visit(viewport={"width": 320, "height": 640})
    visitor.page.select_option("#language", lang)
    visitor.page.evaluate("document.getElementById('status').textContent = '甲'.repeat(60)")
    status = visitor.page.locator("#status").bounding_box()
    doors = visitor.page.locator("#doors").bounding_box()
    assert status is not None
    assert doors is not None
    assert status["y"] + status["height"] <= doors["y"] + 0.5


@pytest.mark.parametrize(
    ("number", "minutes", "focus"),
    [
        ("不知道", "", "hand-number"),
        ("95187", "2.5", "hand-minutes"),
        ("95187", "-3", "hand-minutes"),
    ],
)
def test_a_call_that_could_not_be_counted_is_not_written_down(
    visit: Callable[..., Visit], number: str, minutes: str, focus: str
):
    visitor = visit()
    visitor.step("log")
    visitor.page.fill("#hand-time", "09:00")
    visitor.page.fill("#hand-number", number)
    visitor.page.fill("#hand-minutes", minutes)
    visitor.page.click("text=记下这一次")
    assert visitor.page.inner_text("#status")
    assert visitor.page.evaluate("document.activeElement.id") == focus
    assert visitor.page.locator("#written").count() == 0


def test_a_number_typed_with_its_country_is_the_one_in_the_log(visit: Callable[..., Visit]):
    visitor = visit()
    type_call(visitor, "09:00", "+86 138-0000-1234")
    visitor.step("numbers")
    visitor.page.wait_for_selector("#check")
    boxes = visitor.page.locator("input[name=collector]")
    assert boxes.evaluate_all("all => all.map((box) => box.value)") == ["13800001234"]
    assert boxes.first.is_checked()


HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"


def test_markup_in_names_and_texts_stays_text(visit: Callable[..., Visit]):
    visitor = visit()
    row = f"2026-03-11,22:30,95187,收到短信,,,{HOSTILE}再不还就上门\n"
    name = HOSTILE.replace("/", "") + "#1 '\".csv"
    content = f"{HEAD}\n{row}".encode()
    visitor.give({"name": name, "mimeType": "text/csv", "buffer": content})
    visitor.choose("95187", name=HOSTILE)
    visitor.check()
    visitor.step("papers")
    visitor.page.wait_for_selector("#list a.open")
    visitor.step("papers/timeline")
    visitor.page.wait_for_selector("#sheet")
    with visitor.page.expect_download() as waiting:
        visitor.page.click("#save-paper")
    kept = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "<img" not in kept
    assert "<script" not in kept
    assert visitor.page.evaluate("window.hacked === undefined")
    assert visitor.page.locator("main img, main script").count() == 0
    assert visitor.trouble == []


def test_traditional_text_is_quoted_in_corners(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.page.select_option("#language", "zh-Hant")
    visitor.step("whose")
    told = visitor.page.inner_text("#help")
    assert "「我自己的」" in told
    assert "“" not in told


def test_a_changed_sentence_stays_changed_when_details_move_it(visit: Callable[..., Visit]):
    visitor = visit()
    stop_notice(visitor)
    visitor.page.wait_for_selector("#sheet")
    items = visitor.page.locator("#sheet li[contenteditable]")
    last = items.last.inner_text()
    items.last.fill("我自己写的最后一条。")
    visitor.step("want")
    visitor.page.check("#want-family")
    visitor.step("papers")
    visitor.page.fill("#told-family", "我妈妈")
    visitor.step("papers/stop")
    visitor.page.wait_for_selector("#sheet")
    told = visitor.page.inner_text("#sheet")
    assert "我妈妈" in told
    assert "我自己写的最后一条。" in told
    assert last not in told


def test_a_name_that_was_typed_keeps_its_characters(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.page.select_option("#language", "zh-Hant")
    visitor.give(CALLS)
    visitor.choose("95187", name="子丑范云小贷")
    visitor.check()
    headline = visitor.page.inner_text("main h1")
    assert "子丑范云小贷" in headline
    assert "聯繫" in headline
