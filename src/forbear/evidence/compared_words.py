"""What a report says where a log is held against a lender's record, in Chinese and English."""

from __future__ import annotations

from typing import Final

# "(s)" after an English word: the number before it decides.
COMPARED: Final[dict[str, tuple[str, str]]] = {
    "title": ("与机构联系记录的比对", "The log against the lender's record"),
    "head": (
        "{pairs}次联系双方都有记录；手机里有、机构记录里没有的{record}次；"
        "机构记录里有、手机里没有的{log}次；结果不一致的{differs}次。",
        "Both sides show {pairs} contact(s). The record lacks {record} that the phone shows, the "
        "phone lacks {log} that the record shows, and {differs} ended differently.",
    ),
    "head.none": (
        "没有可以比对的联系。请核对号码和时间是否对应。",
        "No contact could be compared. Check that the numbers and the times belong together.",
    ),
    "how": (
        "每次联系最多配对一次。方式和方向相同、号码不矛盾、校正时钟后时间相符的，视为同一次；"
        "有多种配法的，取配对最多且时间差最小的一种。",
        "Each row is paired at most once: with a row of the same kind and direction whose number "
        "does not contradict it and whose time agrees once the clock is put right. Of several "
        "ways, the one with the most pairs and the least difference in time is taken.",
    ),
    "doubt": (
        "手机里有、机构记录里没有的联系中，有{n}次与一条没有配上的机构记录时间相近，"
        "可能其实是同一次；这些记录列在旁边。",
        "Of the contacts that the record lacks, {n} lie near a row of it that has no partner "
        "either, and may be the same after all; those rows are named beside them.",
    ),
    # The clocks and the time that both cover.
    "clocks": ("时钟", "Clocks"),
    "clock.later": (
        "{file}（{who}）的时钟比手机快{n}秒，相差不超过{within}秒的视为同一次",
        "{file} ({who}): its clock is {n} second(s) ahead of the phone's; rows within {within} "
        "second(s) of that are one contact",
    ),
    "clock.earlier": (
        "{file}（{who}）的时钟比手机慢{n}秒，相差不超过{within}秒的视为同一次",
        "{file} ({who}): its clock is {n} second(s) behind the phone's; rows within {within} "
        "second(s) of that are one contact",
    ),
    "clock.unknown": (
        "{file}（{who}）的记录太少，看不出时钟差，按原样比对，相差不超过{within}秒的视为同一次",
        "{file} ({who}): too few rows to tell its clock, which is taken as it is; rows within "
        "{within} second(s) are one contact",
    ),
    "clock.all": ("全部号码", "all lines"),
    "clock.many": ("{who}等{n}个", "{who} and others, {n} in all"),
    "clock.beyond": (
        "{file}（{who}）的时间与手机整体相差{hours}，超出了时钟误差，因此这些记录没有比对。"
        "请核对at一列的时区后再比对；如果时区无误，请要求机构说明为何时间不符",
        "{file} ({who}): all its times are off by {hours}, by more than a clock goes wrong by "
        "itself, so these rows were not compared. Check the offsets in the column at and compare "
        "again; if they are right, ask the lender why its times are not",
    ),
    "spans": ("双方覆盖的时间", "The time that each side covers"),
    "span.log": ("手机记录 {file}：{first}至{last}", "Log {file}: {first} to {last}"),
    "span.record": ("机构记录 {file}：{first}至{last}", "Record {file}: {first} to {last}"),
    # The lists.
    "record_lacks": (
        "手机里有、机构记录里没有的联系",
        "Contacts that the phone shows and the record lacks",
    ),
    "record_lacks.proves": (
        "这说明：给出的机构记录没有列出这些联系。这不能说明原因：可能漏记，可能由另一家机构或"
        "另一个系统记录，来电显示的号码也可能是冒用的。可以要求机构书面说明，"
        "并调取运营商的通话详单核实。",
        "This shows that the record given does not list them. It does not show why: they may be "
        "left out, be kept by another agency or system, or come from somebody who displayed a "
        "false number. Ask the lender in writing, and have the carrier's own records drawn.",
    ),
    "log_lacks": (
        "机构记录里有、手机里没有的联系",
        "Contacts that the record shows and the phone lacks",
    ),
    "log_lacks.proves": (
        "这说明：给出的手机记录没有这些联系。这不能说明机构虚构：手机关机、没有信号、拦截了号码，"
        "或者记录被删除，都会这样。",
        "This shows that the log given does not have them. It does not show that they are made "
        "up: a phone that was off, out of reach or blocking the number has no trace, and rows may "
        "have been deleted.",
    ),
    "differs": ("双方都有、结果不一致的联系", "Contacts of both sides that ended differently"),
    "differs.proves": (
        "手机只知道是否接通、通话多长，不知道说了什么。呼叫转移、在另一台设备上接听，"
        "也会使双方不一致。",
        "A phone knows whether it was answered and for how long, not what was said. Forwarded "
        "calls, and those answered on another device, differ for that reason too.",
    ),
    "apart": ("不能据此判断的记录", "Rows from which nothing follows"),
    "apart.proves": (
        "这些记录没有对应的另一方记录，但原因可能在记录本身，因此不算任何一方缺少。",
        "These have no counterpart, which the kind of log or record explains, so they are held "
        "against nobody.",
    ),
    "repeats": ("重复的记录", "Rows that repeat another"),
    "repeats.proves": (
        "同一次联系有不止一行，只计一次。",
        "One contact stands on several rows and counts once.",
    ),
    "none": ("没有。", "None."),
    "more": (
        "另有{n}条没有列在这里，加上 --format json 可以得到全部。",
        "{n} more are not listed here. With --format json you get all of them.",
    ),
    # Cells.
    "when": ("时间", "Time"),
    "what": ("方式", "Kind"),
    "place": ("出处", "Row"),
    "note": ("说明", "Remark"),
    "both": ("双方出处", "Rows of both"),
    "why": ("原因", "Reason"),
    "of": ("重复的是", "Repeats"),
    "instead": ("也可能是：{rows}", "or else it is {rows}"),
    "maybe": (
        "时间相近、但没有配上的：{rows}",
        "near in time, but not paired: {rows}",
    ),
    "unsure": ("也可能配错", "the pairing is not sure"),
    "differs.only_record_talked": (
        "手机显示未接通，机构记录为接通",
        "the phone shows no answer, the record an answer",
    ),
    "differs.only_log_talked": (
        "手机显示接通，机构记录为未接通",
        "the phone shows an answer, the record none",
    ),
    "differs.length": (
        "通话时长相差较大：手机{log}秒，机构{record}秒",
        "the lengths differ: {log} s on the phone, {record} s in the record",
    ),
    "differs.only_log_delivered": (
        "手机收到了短信，机构记录为未送达",
        "the phone has the text, the record says undelivered",
    ),
    "why.span": ("对方的记录没有覆盖这个时间", "the other side does not cover its time"),
    "why.kind": (
        "对方的记录不列这一类联系",
        "the other side lists no contacts of its kind",
    ),
    "why.unanswered": (
        "运营商账单不列未接来电",
        "a carrier's bill lists no unanswered calls",
    ),
    "why.unreached": (
        "忙线、关机或未送达的联系，手机上可能没有痕迹",
        "busy, switched off or undelivered: a phone need not show it",
    ),
    "why.by_hand": ("手写清单不一定完整", "a list by hand need not be complete"),
    "why.clock": (
        "机构记录的时间整体不对，见上面的说明",
        "the times of the record are wrong as a whole, as said above",
    ),
    "why.line": (
        "打的是本人另一个号码，这份手机记录里没有那个号码的联系",
        "it went to another number of the person, of which this log shows nothing",
    ),
    "unnamed": (
        "机构记录中有{n}行没有写明是谁的，没有参加比对。",
        "Left out: {n} row(s) of the record that name no person.",
    ),
    "elsewhere": (
        "机构记录中有{n}次联系写明是联系别人的，不会出现在这部手机里，没有参加比对。",
        "Left out: {n} contact(s) that, as the record says, went to somebody else.",
    ),
}
