"""Every word that a report says of its own accord, in Chinese and English, in one place."""

from __future__ import annotations

from typing import Final

WEEKDAYS: Final = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# "(s)" after an English word: the number before it decides.
WORDS: Final[dict[str, tuple[str, str]]] = {
    # The headline, put together from these.
    "title": ("催收联系核对报告", "Report on collection contacts"),
    "head.contacts": (
        "{days}天里，{who}联系了您{n}次",
        "In {days} day(s), {who} contacted you {n} time(s)",
    ),
    "head.broken": ("其中{n}次违反规定", "{n} broke a rule"),
    "head.attempt_call": ("{n}次本不应拨出", "{n} should not have been dialled"),
    "head.attempt": ("{n}次本不应发起", "{n} should not have been attempted"),
    "head.clean": ("没有发现违反规定的联系", "none was found to break a rule"),
    "head.empty": ("这份记录里没有可以判断的联系", "This log holds no contact that can be judged"),
    "head.who_many": ("{who}等{n}个号码", "{who} and others ({n} numbers)"),
    "head.who_same": ("{who}（{n}个号码）", "{who} ({n} numbers)"),
    "head.who_none": ("催收方", "the collector"),
    "sub.levels": ("这{n}次联系涉及：{levels}。", "The {n} contact(s) concern: {levels}."),
    "sub.level": ("{level}{n}次", "{level} ({n})"),
    "sub.house": (
        "另有{n}次只超出本机构承诺的更严限度，不算违反法律或规定。",
        "{n} more went beyond the institution's own stricter promise only, "
        "which is no breach of law.",
    ),
    "sub.review": (
        "另有{n}次是否违反规定，需要人来判断。",
        "{n} more: whether a rule was broken is for a person to judge.",
    ),
    "sub.period": (
        "记录从{first}到{last}，时区{zone}。",
        "The log runs from {first} to {last}, time zone {zone}.",
    ),
    "sub.period_one": (
        "记录都在{first}这一天，时区{zone}。",
        "The log covers {first} only, time zone {zone}.",
    ),
    "sub.inbound": ("您主动打出或发出的{n}次不计入。", "Not counted: {n} made by you."),
    "sub.empty": (
        "请确认选对了文件和号码；下面列出了可能属于催收方的号码和没有读出的行。",
        "Check the file and the numbers; likely numbers and unread rows are listed below.",
    ),
    # What to do next.
    "next.title": ("接下来可以做什么", "What you can do next"),
    "next.keep": (
        "保留证据。不要删除通话记录和短信，把原始文件另存一份。",
        "Keep the evidence. Delete no calls or texts, and save a copy of the original files.",
    ),
    "next.write": (
        "书面告诉对方：写明下列时间和条款，要求停止这样的联系，并请对方书面答复。",
        "Write to the collector. Name the times and clauses below, ask that such contacts stop, "
        "and ask for a written answer.",
    ),
    "next.ask": (
        "如果您仍觉得受到打扰，可以书面请对方说明联系的依据，并约定合适的时间和方式。",
        "If you still feel disturbed, ask the collector in writing for the grounds of the "
        "contacts, and agree on times and ways that suit you.",
    ),
    "next.other": (
        "您没有替别人还款的义务，签过担保或属于共同债务的除外。可以明确告诉对方不要再联系您。",
        "You owe no one else's debt, unless you guaranteed it or it is a joint debt. "
        "You may tell the collector plainly to contact you no more.",
    ),
    "next.more": (
        "如果还有其他手机的记录、录音或截图，可以补充后再核对一次。",
        "If you have logs from another phone, recordings or screenshots, add them and check again.",
    ),
    "next.complain_cn": (
        "先向该机构投诉，并留下受理凭据；没有解决的，可以拨打金融消费者投诉热线12378。",
        "Complain to the institution first and keep its receipt. If that does not help, call "
        "12378, the hotline for financial consumers in China.",
    ),
    "next.complain": (
        "先向该机构投诉，并留下受理凭据；没有解决的，可以向它的监管部门反映。",
        "Complain to the institution first and keep its receipt. If that does not help, turn to "
        "the authority that supervises it.",
    ),
    "next.warn": ("请先留意", "Before you sign or pay"),
    "warn.debtor": (
        "在弄清诉讼时效是否已过之前，请不要书面承认欠款，也不要先还一小笔：这可能使时效重新计算。",
        "Do not acknowledge the debt in writing, or pay a small part of it, before you know "
        "whether the limitation period has run out: either may start it again.",
    ),
    "warn.guarantor": (
        "在弄清保证期间和诉讼时效是否已过之前，请不要书面确认担保或欠款：这可能影响您的权利。",
        "Do not confirm the guarantee or the debt in writing before you know whether the guarantee "
        "and limitation periods have run out: it may cost you your rights.",
    ),
    "warn.other": (
        "请不要在压力下答应代为还款或签字。书面承认或承诺还款，可能带来义务，也可能使诉讼时效重新计算。",
        "Do not promise to pay or sign anything under pressure. A written acknowledgement or "
        "promise may bind you, and may start the limitation period again.",
    ),
    # Pictures.
    "days.title.day": ("每天的联系", "Contacts day by day"),
    "days.title.week": ("每周的联系", "Contacts week by week"),
    "days.title.month": ("每月的联系", "Contacts month by month"),
    "days.title.year": ("每年的联系", "Contacts year by year"),
    "days.most": ("联系最多的是{when}：{what}", "The busiest was {when}: {what}"),
    "days.day": ("日期", "Day"),
    "days.week": ("周", "Week"),
    "days.month": ("月份", "Month"),
    "days.year": ("年份", "Year"),
    "days.week_of": ("{day}起的一周", "week of {day}"),
    "days.table.day": ("每天的次数", "Counts by day"),
    "days.table.week": ("每周的次数", "Counts by week"),
    "days.table.month": ("每月的次数", "Counts by month"),
    "days.table.year": ("每年的次数", "Counts by year"),
    "days.coarse": (
        "记录较长，按{grain}合并；没有联系的不画。",
        "The log is long, so it is drawn by {grain}; those without contacts are left out.",
    ),
    "days.desc": (
        "横条图，每{grain}一行，共{n}行，数字见下表",
        "Bar chart with one row a {grain}, {n} row(s); the table below has the numbers",
    ),
    "days.left": (
        "没有联系的日子不画。",
        "Days without contacts are left out.",
    ),
    "grain.day": ("天", "day"),
    "grain.week": ("周", "week"),
    "grain.month": ("月", "month"),
    "grain.year": ("年", "year"),
    "days.key": (
        "实心：接通的电话；空心：未接通；下方细条：短信和其他。",
        "Solid: calls that connected; hollow: unanswered; thin bar: texts and others.",
    ),
    "days.key_unclear": (
        "虚线框：记录未说明是否接通。",
        "Dashed: the log does not say if it connected.",
    ),
    "days.limit": ("每日上限{n}", "Limit {n} a day"),
    "days.limit_of": ("（只数{what}）", " ({what} only)"),
    "counted.connected": ("接通的电话", "connected calls"),
    "counted.calls": ("拨打的电话", "calls dialled"),
    "counted.texts": ("短信", "texts"),
    "n.connected": ("接通{n}", "{n} connected"),
    "n.unanswered": ("未接通{n}", "{n} unanswered"),
    "n.unclear": ("未说明{n}", "{n} unclear"),
    "n.texts": ("短信{n}", "{n} text(s)"),
    "n.other": ("其他{n}", "{n} other(s)"),
    "n.broken": ("{n}次违反", "{n} broken"),
    "n.attempt": ("{n}次不应发起", "{n} undue"),
    "n.flagged": ("{n}次待判断", "{n} to judge"),
    "n.house": ("{n}次超出承诺", "{n} past promise"),
    "col.connected": ("接通", "Connected"),
    "col.unanswered": ("未接通", "No answer"),
    "col.unclear": ("未说明是否接通", "Not said"),
    "col.texts": ("短信", "Texts"),
    "col.other": ("其他", "Others"),
    "col.broken": ("违反", "Broken"),
    "col.attempt": ("不应发起", "Undue"),
    "time.title": ("一天里的时刻", "Times of day"),
    "time.desc": (
        "时刻图，共{n}天，每天一行，横轴为0到24时；每次联系见下表。",
        "Chart of {n} day(s), one row each, over 24 hours; the table below has every contact.",
    ),
    "time.night": ("有{n}次联系在{hours}之间", "{n} contact(s) fell within {hours}"),
    "time.spread": ("从{first}到{last}都有联系", "Contacts came from {first} to {last}"),
    "time.spread_one": ("联系都在{first}", "All contacts came at {first}"),
    "time.shade": ("阴影：{hours}", "Shaded: {hours}"),
    "time.left_clean": ("只画有问题的日子。", "Only days with findings are drawn."),
    "time.left_more": (
        "只画问题最多的{n}天，另有{more}天见条款部分。",
        "Only the {n} days with most findings are drawn; the clauses below cover {more} more.",
    ),
    "time.table": ("图中的每次联系", "Every contact in the picture"),
    "time.when": ("时间", "Time"),
    "time.what": ("方式", "Kind"),
    "time.result": ("结果", "Result"),
    "time.row": ("出处", "Row"),
    "key.connected": ("接通的电话", "connected call"),
    "key.unanswered": ("未接通", "unanswered call"),
    "key.unclear": ("未说明是否接通", "call, not said if connected"),
    "key.texts": ("短信", "text"),
    "key.other": ("其他", "other"),
    "key.inbound": ("您打出或发出", "made by you"),
    "key.broken": ("实线圈：违反规定", "full ring: broke a rule"),
    "key.attempt": ("虚线圈：本不应发起", "dashed ring: not to be attempted"),
    "key.flagged": ("短线：待判断或超出承诺", "bar: to be judged, or past a promise"),
    "state.broken": ("违反规定", "broke a rule"),
    "state.attempt": ("本不应发起", "should not have been attempted"),
    "state.house": ("超出本机构承诺", "past the institution's promise"),
    "state.review": ("需要人判断", "for a person to judge"),
    "state.none": ("未发现问题", "nothing found"),
    "channel.call": ("电话", "call"),
    "channel.voicemail": ("语音留言", "voicemail"),
    "channel.sms": ("短信", "text"),
    "channel.email": ("邮件", "email"),
    "channel.letter": ("信函", "letter"),
    "channel.visit": ("上门", "visit"),
    "channel.app": ("应用消息", "app message"),
    "channel.social": ("社交消息", "social message"),
    "channel.legal": ("法律文书", "legal document"),
    "you": ("您发起的{what}", "{what} by you"),
    # Findings.
    "find.title": ("按条款列出的问题", "Findings by clause"),
    "find.none": (
        "在这份记录能说明的范围内，没有发现违反规定的联系。",
        "Within what this log can show, no contact was found to break a rule.",
    ),
    "find.meta": ("层级：{level}", "Level: {level}"),
    "find.effect": ("后果：{effect}", "Effect: {effect}"),
    "find.sure": ("依据：{sure}", "Basis: {sure}"),
    "find.rule": ("规则编号", "Rule"),
    "find.broken.deny": ("已经违反（{n}次）", "Breached ({n})"),
    "find.attempt.deny": ("本不应发起（{n}次）", "Should not have been attempted ({n})"),
    "find.broken.review": (
        "可能违反，需要人判断（{n}次）",
        "May be a breach, for a person to judge ({n})",
    ),
    "find.attempt.review": (
        "可能不应发起，需要人判断（{n}次）",
        "May not have been due, for a person to judge ({n})",
    ),
    "find.broken.warn": ("值得留意（{n}次）", "Worth noting ({n})"),
    "find.attempt.warn": ("值得留意（{n}次）", "Worth noting ({n})"),
    "find.broken.house": ("超出本机构承诺（{n}次）", "Past the institution's own promise ({n})"),
    "find.attempt.house": (
        "按本机构承诺不应发起（{n}次）",
        "Not to be attempted under the institution's own promise ({n})",
    ),
    "find.broken_means": (
        "这些联系本身就是条款所限制的。",
        "These contacts are themselves what the clause limits.",
    ),
    "find.attempt_means": (
        "这些联系没有成功，不计入条款所数的次数；但当时已不应再发起。",
        "These did not get through and so do not count under the clause; by then, though, none was "
        "to be attempted.",
    ),
    "find.rows": ("出处", "Rows"),
    "find.unless": ("例外（记录无法说明）", "Exceptions that a log cannot show"),
    "find.more": (
        "另有{n}处未列出；用 --format json 可得到全部。",
        "{n} more are not listed here; --format json gives all of them.",
    ),
    "find.more_rows": ("另有{n}行", "{n} more row(s)"),
    "level.law": ("法律规定", "law"),
    "level.regulation": ("监管规定", "regulation"),
    "level.standard": ("国家推荐性标准", "recommended national standard"),
    "level.self-regulation": ("行业自律", "industry self-regulation"),
    "level.house": ("本机构承诺", "the institution's own promise"),
    "means.law": ("", ""),
    "means.regulation": ("", ""),
    "means.standard": ("推荐采用，本身不是法律。", "It is recommended, and no law in itself."),
    "means.self-regulation": (
        "约束协会会员，不是法律。",
        "It binds members of the association, and is no law.",
    ),
    "means.house": (
        "自愿采用的更严限度，不是法律要求。",
        "A stricter limit taken on freely; no law asks for it.",
    ),
    "effect.deny": ("不得这样联系", "such a contact is not allowed"),
    "effect.review": ("须由专人判断", "a named person has to judge it"),
    "effect.warn": ("仅作提示", "a remark only"),
    "sure.text": ("已核对条文原文", "read in the text itself"),
    "sure.quoted": ("多处转述一致，未见原文", "agreeing reports; the text itself was not seen"),
    "sure.weak": (
        "仅有单一或较弱的转述，使用前请核对原文",
        "a single or weak report; check the text before use",
    ),
    "sure.recalled": ("凭记忆整理，使用前请核对原文", "from memory; check the text before use"),
    "sure.draft": ("征求意见稿，尚未生效", "a draft, not in force"),
    # What the log cannot show.
    "lack.title": (
        "这份记录不能说明什么，可以补充什么",
        "What this log cannot show, and what to gather",
    ),
    "lack.none": (
        "没有因为缺少信息而无法判断的条款。",
        "No clause was left open for want of information.",
    ),
    "lack.gather": (
        "补充下面的信息，可以判断更多条款：",
        "With the following, more clauses can be judged:",
    ),
    "lack.item": ("{what}（{n}条规则）", "{what} ({n} rule(s))"),
    "lack.each": ("逐条列出（{n}条）", "Clause by clause ({n})"),
    "lack.needs": ("缺少：{what}", "Missing: {what}"),
    "lack.contacts": ("涉及{n}次联系", "concerns {n} contact(s)"),
    "lack.notes": ("关于这份记录", "About this log"),
    "lack.count": (
        "另有{n}条规则，这份记录不能说明是否遵守。",
        "Of {n} other rule(s), this log cannot show whether they were kept.",
    ),
    "bad.title": ("没有读出的行", "Rows that could not be read"),
    "bad.count": (
        "有{n}行没有读出，其余照常判断。",
        "{n} row(s) could not be read; the rest were judged.",
    ),
    "bad.file": ("文件", "File"),
    "bad.line": ("行", "Line"),
    "bad.what": ("原因", "Reason"),
    "table.more": ("只列出前{n}行，共{all}行。", "The first {n} of {all} rows are listed."),
    # Numbers.
    "who.title": ("判断了哪些号码", "Which numbers were judged"),
    "who.number": ("号码", "Number"),
    "who.name": ("名称", "Name"),
    "who.maybe": (
        "下面的号码也可能属于催收方，没有计入。确认后，用 --collector 加上它们再核对一次：",
        "These numbers may be a collector's too and were not judged. If you know them, "
        "add them with --collector and run again:",
    ),
    "who.count": ("{n}条记录", "{n} row(s)"),
    "likelihood.high": ("可能性大", "likely"),
    "likelihood.medium": ("可能", "possible"),
    "likelihood.low": ("可能性小", "less likely"),
    # How to check.
    "check.title": ("如何核对这份报告", "How to check this report"),
    "check.how": (
        "用同样的文件、同样的规则包和下面的命令，任何人都会得到同样的结果。",
        "With the same files, the same rule packs and the command below, anyone gets the same "
        "result.",
    ),
    "check.command": ("命令", "Command"),
    "check.inputs": ("文件及其SHA-256校验值", "Files and their SHA-256 hashes"),
    "check.packs": ("规则包及其校验值", "Rule packs and their hashes"),
    "check.pack": ("规则包", "Pack"),
    "check.hash": ("校验值", "Hash"),
    "check.made": (
        "生成时间{when}，Forbear 宽和{version}版。",
        "Made on {when} with Forbear {version}.",
    ),
    "check.judged": ("共判断{n}次联系。", "{n} contact(s) were judged."),
    "check.advice": (
        "本报告把记录与规则逐条比对，不是法律意见。",
        "This report compares a log with rules, one by one. It is no legal advice.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    # What a rule misses, as something to gather.
    "missing.address": ("联系的是哪个号码或地址", "which number or address was used"),
    "missing.address_source": (
        "对方从哪里得到您的号码",
        "where the collector got your number from",
    ),
    "missing.agent": ("由谁联系（姓名或工号）", "who made the contact (name or staff number)"),
    "missing.agent_profile": ("联系人员的资格", "the qualification of the person who made contact"),
    "missing.agents": ("到场的有哪些人", "who came to the visit"),
    "missing.bot": ("是否为智能语音", "whether a machine was speaking"),
    "missing.device": ("对方用什么设备联系", "what device the collector used"),
    "missing.entry_consent": ("进门前是否征得同意", "whether entry was agreed to"),
    "missing.id_shown": ("上门人员是否出示证件", "whether visitors showed identification"),
    "missing.identified": ("对方是否说明身份", "whether the caller said who they were"),
    "missing.identity_disclosed": (
        "对方是否说明机构和来意",
        "whether the caller said for whom and why",
    ),
    "missing.identity_verified": (
        "对方是否先核实您的身份",
        "whether the caller first checked who you were",
    ),
    "missing.mode": (
        "是人工、智能语音还是播报",
        "whether a person, a machine or a recording spoke",
    ),
    "missing.outcome": ("是否接通、说了什么", "how the contact ended"),
    "missing.party": ("联系到的是谁", "who was reached"),
    "missing.place": ("上门的地点", "where the visit took place"),
    "missing.purpose": ("联系的目的", "what the contact was for"),
    "missing.recorded": ("通话是否录音", "whether the call was recorded"),
    "missing.relation": (
        "被联系的人与借款人的关系",
        "how the person reached is related to the borrower",
    ),
    "missing.text": ("通话或短信的内容", "what was said or written"),
    "missing.visibility": ("旁人能否看到信息", "whether others could see the message"),
}
