"""What a joint table of many complainants' logs says, in Chinese and English."""

from __future__ import annotations

from typing import Final

# "(s)" after an English word: the number before it decides.
JOINT: Final[dict[str, tuple[str, str]]] = {
    "title": ("多名投诉人催收联系汇总", "Joint table of collection contacts"),
    "head": (
        "{people}名投诉人，{lenders}家催收方，共{contacts}次联系；其中{broken}次违反规定，"
        "{attempt}次本不应发起。",
        "{people} complainant(s), {lenders} lender(s), {contacts} contact(s); {broken} broke a "
        "rule and {attempt} should not have been attempted.",
    ),
    "head.none": (
        "没有写明催收方的号码，所以没有判断任何联系。下面列出可能属于催收方的号码，"
        "确认后用 --collector 加上再汇总。",
        "No collector was named, so nothing was judged. Numbers that may be one are listed below; "
        "add those that are with --collector and run again.",
    ),
    "head.empty": (
        "这些记录里没有写明的催收方的联系。请核对号码。",
        "The logs hold no contact of the collectors named. Check the numbers.",
    ),
    "each": (
        "每名投诉人的记录各自核对、各自计次，这里只合计结果。同一次联系可能涉及不止一条条款。",
        "Each complainant's log was judged, and its contacts counted, by itself; only the results "
        "are added up. One contact may stand against several clauses.",
    ),
    "names.random": (
        "投诉人用代号表示。代号只在这次汇总里有效，再运行一次就不同。",
        "Complainants are called by pseudonyms, which hold for this run alone: another run gives "
        "others.",
    ),
    "names.key": (
        "投诉人用代号表示。代号由密钥文件算出，同一密钥下不变。请妥善保管密钥：有密钥和名单的人可以"
        "还原代号。",
        "Complainants are called by pseudonyms made with the key that was given, so they stay the "
        "same. Guard the key: whoever has it, and a list of names, can undo them.",
    ),
    "small": (
        "不足{n}人的数字（标有 *）可能让人认出本人，公开前请合并或隐去，具体日期也一样。",
        "Figures about fewer than {n} people (marked *) may give somebody away. Merge or withhold "
        "them, and exact dates, before you publish.",
    ),
    "shared": (
        "有{n}个文件在不止一名投诉人名下内容相同，可能重复计算。",
        "{n} file(s) stand, byte for byte, with more than one complainant and may be counted "
        "twice.",
    ),
    "lender.contacts": (
        "{people}名投诉人，{n}次联系，{first}至{last}",
        "complainants {people}, contacts {n}, {first} to {last}",
    ),
    "lender.numbers": ("号码：{numbers}", "Numbers: {numbers}"),
    "lender.unknown": ("未写明的机构", "a lender that was not named"),
    "lender.clean": (
        "在这些记录能说明的范围内，没有发现违反规定的联系。",
        "Within what these logs can show, no contact was found to break a rule.",
    ),
    "lenders": ("按催收方和条款", "By lender and clause"),
    "clause": ("条款", "Clause"),
    "people": ("投诉人", "People"),
    "breached": ("已违反", "Breached"),
    "attempted": ("不应发起", "Wrongly tried"),
    "dates": ("首末日期", "First and last"),
    "manner.deny": ("不得这样联系", "not allowed"),
    "manner.review": ("可能违反，须由人判断", "for a person to judge"),
    "manner.warn": ("只作提示", "a remark only"),
    "manner.house": ("超出本机构承诺，不算违反规定", "beyond its own promise; no breach of a rule"),
    "complainants": ("投诉人", "Complainants"),
    "who": ("代号", "Pseudonym"),
    "contacts": ("联系", "Contacts"),
    "unreadable": ("未读出的行", "Rows not read"),
    "errors": ("没有读出的投诉人", "Complainants who could not be read"),
    "errors.count": (
        "有{n}名投诉人的文件没有读出，没有计入。真实文件名只在运行命令的屏幕上显示。",
        "The files of {n} complainant(s) could not be read and are not counted. The real names of "
        "the files are shown on the screen of whoever ran the command, and nowhere else.",
    ),
    "why": ("原因", "Reason"),
    "error.pdf": ("是PDF文件", "a PDF"),
    "error.old_workbook": ("是旧版.xls工作簿", "an old .xls workbook"),
    "error.database": ("是数据库文件", "a database"),
    "error.compressed": ("是压缩文件", "a compressed file"),
    "error.picture": ("是图片或录音", "a picture or a recording"),
    "error.not_text": ("不是文本", "no text"),
    "error.empty": ("是空的", "empty"),
    "error.too_large": ("太大", "too large"),
    "error.other_xml": ("是别的XML文件", "XML of another kind"),
    "error.no_table": ("没有表格", "no table"),
    "error.columns": ("列名不认识", "columns that are not known"),
    "error.no_rows": ("没有一行能读出", "no row that could be read"),
    "error.unread": ("读不出", "unreadable"),
    "maybe": ("可能属于催收方的号码", "Numbers that may be a collector's"),
    "number": ("号码", "Number"),
    "rows": ("记录", "Rows"),
    "likely": ("可能性", "Likelihood"),
    "date": ("{first}至{last}", "{first} to {last}"),
}
