"""``forbear audit --papers`` as a person runs it: real logs, the real typesetter, read back."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from forbear.evidence.papers import Told, about_template, told_from

pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDFs back; it is in the extra dev")
typst = pytest.importorskip("typst", reason="typst sets the PDFs; it is in the extra letters")

EXAMPLES = Path(__file__).parents[2] / "examples"
LOGS = (EXAMPLES / "sample-calls.xml", EXAMPLES / "sample-sms.xml")
NAMED = ("--collector", "95187=甲小贷", "--collector", "1069018795187=甲小贷")
ABOUT = """
name = "李静"
phone = "13800000012"
address = "某市某区某路 1 号"
lender_type = "microloan"
wants = ["stop", "family", "dispute", "pay", "credit", "leak"]
disputed = "利息与合同不符"
claimed = "12,345.67"
principal = "10000"
can_pay = "600"
first_date = "2026-03-31"
acknowledged = true
danger = true
dated = 2026-03-16
"""
PLACEHOLDER = re.compile(r"_{2,}|\[[^\]]*\]|某某|X{2,}|×{2,}|TBD|None\b|\{[^}]*\}")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def about(tmp_path: Path) -> Path:
    path = tmp_path / "about.toml"
    path.write_text(ABOUT, encoding="utf-8")
    return path


def read(path: Path) -> str:
    """The words of a PDF in one line, without any space: Chinese lines break anywhere."""
    pages = pypdf.PdfReader(path).pages
    return re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pages))


def papers_in(folder: Path) -> dict[str, Path]:
    return {path.stem.split("-", 1)[1]: path for path in sorted(folder.glob("*.pdf"))}


def test_the_papers_say_what_was_found_and_told(run: Run, tmp_path: Path, about: Path):
    out = tmp_path / "papers"
    status, said, err = run(*LOGS, *NAMED, "--papers", out, "--about", about, "--pdf")
    assert (status, err) == (0, "")
    assert "没有发送给任何人" in said
    found = papers_in(out)
    assert list(found)[:2] == ["guide", "complaint-police"]
    complaint = read(found["complaint-institution"])
    for words in (
        "致：甲小贷", "李静", "2026年3月11日18:22", "2026年3月13日22:40", "sample-calls.xml第13行",
        "GB/T45251-20255.3交互式催收频次", "国家推荐性标准（本身不是法律）",
        "您的案件已移交公安机关", "不构成对任何债务",
    ):  # fmt: skip
        assert words in complaint, words
    offer = read(found["offer"])
    for words in ("2026年3月31日", "2026年4月30日", "600.00元", "400.00元", "合计10,000.00元"):
        assert words in offer, words
    assert "我不确认该款项的存在" in read(found["dispute"])
    assert "治安管理处罚法（2025）第50条" in read(found["complaint-police"])
    assert "个人信息保护法第65条" in read(found["complaint-cyberspace"])
    exhibit = read(found["exhibit"])
    for log in LOGS:
        assert hashlib.sha256(log.read_bytes()).hexdigest() in exhibit


def test_no_pdf_holds_a_placeholder_and_each_has_a_title(run: Run, tmp_path: Path, about: Path):
    for language in ("zh", "en"):
        out = tmp_path / language
        run(*LOGS, *NAMED, "--papers", out, "--about", about, "--pdf", "--lang", language)
        for name, path in papers_in(out).items():
            assert not PLACEHOLDER.search(read(path)), name
            info = pypdf.PdfReader(path)
            assert info.metadata is not None
            assert info.metadata.title
            assert bool(info.trailer["/Root"]["/MarkInfo"]["/Marked"]), "screen readers follow it"
            assert b"pdfuaid:part" in path.read_bytes(), f"{name} is no PDF/UA"
            assert info.trailer["/Root"]["/Lang"].startswith(language)


def test_the_mothers_log_gives_her_letter_and_the_debtors_does_not(run: Run, tmp_path: Path):
    asked = [*LOGS, *NAMED, "--lender-type", "microloan", "--pdf"]
    run(*asked, "--papers", tmp_path / "hers", "--whose", "relative")
    run(*asked, "--papers", tmp_path / "his")
    hers, his = papers_in(tmp_path / "hers"), papers_in(tmp_path / "his")
    assert "third" in hers
    assert "third" not in his
    letter = read(hers["third"])
    assert "我不是债务人，请停止联系我" in letter
    assert "民法典第1033条" in letter
    assert "小额贷款公司监督管理暂行办法催收负面清单（5）向无义务人催收" in read(
        hers["complaint-institution"]
    )
    assert "向无义务人催收" not in read(his["complaint-institution"])


def test_two_runs_give_the_same_bytes(run: Run, tmp_path: Path, about: Path):
    for name in ("one", "two"):
        run(*LOGS, *NAMED, "--papers", tmp_path / name, "--about", about, "--pdf")
    one, two = papers_in(tmp_path / "one"), papers_in(tmp_path / "two")
    assert set(one) == set(two)
    for name in set(one) - {"exhibit"}:
        assert one[name].read_bytes() == two[name].read_bytes(), name


def test_a_long_time_line_runs_over_pages_with_its_heads(run: Run, tmp_path: Path):
    first = 1772326800000  # 2026-03-01 09:00 in Shanghai
    calls = "".join(
        f'<call number="95187" duration="60" date="{first + n * 3_600_000}" type="1" />'
        for n in range(400)
    )
    log = tmp_path / "calls.xml"
    log.write_text(f'<calls count="400">{calls}</calls>', encoding="utf-8")
    status, _, err = run(log, "--collector", "95187=甲小贷", "--papers", tmp_path / "p", "--pdf")
    assert (status, err) == (0, "")
    reader = pypdf.PdfReader(papers_in(tmp_path / "p")["timeline"])
    assert len(reader.pages) > 8
    for page in reader.pages[1:8]:
        assert "涉及的规定" in re.sub(r"\s", "", page.extract_text())
    assert "联系共400次" in read(papers_in(tmp_path / "p")["timeline"])


def test_the_exhibits_command_gives_the_findings_again(run: Run, tmp_path: Path, about: Path):
    out = tmp_path / "papers"
    run(*LOGS, *NAMED, "--papers", out, "--about", about, "--format", "json")
    data = json.loads((out / "papers.json").read_text(encoding="utf-8"))
    assert data["schema"] == "forbear.papers/1"
    assert set(data["packs"]) == {"cn"}
    (exhibit,) = [paper for paper in data["papers"] if paper["id"] == "exhibit"]
    (command,) = [b["value"] for b in exhibit["blocks"] if b.get("label") == "命令"]
    words = shlex.split(command)
    assert words[:2] == ["forbear", "audit"]
    assert not {"--papers", "--about", "--pdf"} & set(words)
    assert words[-2:] == ["--lender-type", "microloan"], "what the form said is in the command"
    status, again, _ = run(*words[2:])
    assert status == 0
    found = json.loads(again)["findings"]
    marks = next(b for b in exhibit["blocks"] if b["kind"] == "table" and len(b["heads"]) == 4
                 and b["heads"][-1] == "联系和所依据的行")  # fmt: skip
    assert len(marks["rows"]) == len(found)


def test_what_was_told_of_the_lender_decides_the_law(run: Run, tmp_path: Path):
    about = tmp_path / "bank.toml"
    about.write_text('lender_type = "bank"\n', encoding="utf-8")
    run(*LOGS, *NAMED, "--papers", tmp_path / "p", "--about", about)
    said = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "p").glob("*complaint*.txt"))
    assert "银行业协会" in said
    assert "小额贷款公司监督管理" not in said


def test_an_american_log_gives_american_papers(run: Run, tmp_path: Path):
    named = ("--collector", "95187=A", "--collector", "1069018795187=A")
    run(*LOGS, *named, "--pack", "us", "--zone", "America/New_York", "--papers", tmp_path)
    names = [path.stem.split("-", 1)[1] for path in sorted(tmp_path.glob("*.txt"))]
    assert "complaint-cfpb" in names
    said = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*complaint*.txt"))
    assert "12 CFR 1006.6(b)(1)(i)" in said
    assert "民法典" not in said


def test_the_form_can_be_filled_in_and_used(run: Run, tmp_path: Path):
    form = tmp_path / "about.toml"
    status, _, _ = run("--about-template", "--lang", "en", "-o", form)
    assert status == 0
    assert form.read_text(encoding="utf-8-sig") == about_template("en")
    status, _, err = run(*LOGS, *NAMED, "--papers", tmp_path / "p", "--about", form)
    assert (status, err) == (0, "")
    assert told_from(tomllib.loads(ABOUT)) != Told()


def test_standard_output_stays_data(run: Run, tmp_path: Path):
    status, out, err = run(*LOGS, *NAMED, "--papers", tmp_path / "p", "--format", "json")
    assert status == 0
    json.loads(out)
    assert "没有发送" in err


def test_papers_that_may_have_been_changed_are_not_overwritten(run: Run, tmp_path: Path):
    run(*LOGS, *NAMED, "--papers", tmp_path)
    page = tmp_path / "papers.html"
    page.write_text("mine", encoding="utf-8")
    status, _, err = run(*LOGS, *NAMED, "--papers", tmp_path)
    assert status == 2
    assert "papers.html: it is there already" in err
    assert page.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("nmae = 1", "known are"),
        ("name = ", "it is no TOML"),
        ('wants = ["all"]', "wants"),
        ("claimed = 12.5", "claimed"),
    ],
)
def test_a_slip_in_the_form_is_named_before_anything_is_read(
    run: Run, tmp_path: Path, form: str, said: str
):
    about = tmp_path / "about.toml"
    about.write_text(form, encoding="utf-8")
    status, out, err = run(tmp_path / "none.xml", "--papers", tmp_path / "p", "--about", about)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert str(about) in err
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pdf"], "--pdf: it is about papers"),
        (["--about", "x.toml"], "--about: it is about papers"),
        (["--papers", "{file}"], "it is no folder"),
        (["--papers", "{new}", "--about", "none.toml"], "it cannot be read"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    run: Run, tmp_path: Path, words: list[str], said: str
):
    file = tmp_path / "file"
    file.touch()
    given = [word.format(file=file, new=tmp_path / "new") for word in words]
    status, _, err = run(*LOGS, *NAMED, *given)
    assert status == 2
    assert said in err


def test_two_kinds_of_lender_are_refused(run: Run, tmp_path: Path, about: Path):
    asked = ["--papers", tmp_path / "p", "--about", about, "--lender-type", "bank"]
    status, _, err = run(*LOGS, *NAMED, *asked)
    assert status == 2
    assert "say the same in both" in err


def test_without_the_typesetter_one_line_says_how_to_get_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "typst", None)
    status, _, err = run(*LOGS, *NAMED, "--papers", tmp_path / "p", "--pdf")
    assert status == 2
    assert err == ("forbear: --pdf: the typesetter is missing; pip install 'forbear[letters]'\n")
    assert not (tmp_path / "p").exists()


def test_a_message_with_a_picture_is_set_all_the_same(run: Run, tmp_path: Path):
    """No font has every sign; the paper is then made without the promise to screen readers."""
    sms = tmp_path / "sms.xml"
    text = LOGS[1].read_text(encoding="utf-8").replace("不要脸", "不要脸\U0001f620\U00013000")
    sms.write_text(text, encoding="utf-8")
    status, _, err = run(LOGS[0], sms, *NAMED, "--papers", tmp_path / "p", "--pdf")
    assert (status, err) == (0, "")
    assert "上门找你家人" in read(papers_in(tmp_path / "p")["complaint-institution"])
