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
    "head.contacts_day": (
        "{day}，{who}联系了您{n}次",
        "On {day}, {who} contacted you {n} time(s)",
    ),
    "head.some": ("其中{found}", "{found}"),
    "head.broken": ("{n}次违反规定", "{n} broke a rule"),
    "head.broken_all": ("{n}次都违反规定", "all {n} broke a rule"),
    "head.broken_one": ("这次联系违反规定", "it broke a rule"),
    "head.attempt_call": ("{n}次本不应拨出", "{n} should not have been dialled"),
    "head.attempt": ("{n}次本不应发起", "{n} should not have been attempted"),
    "head.clean": ("没有发现违反规定的联系", "none was found to break a rule"),
    "head.empty": ("这份记录里没有可以判断的联系", "This log holds no contact that can be judged"),
    "head.who_many": ("{who}等{n}个号码", "{who} and others ({n} numbers)"),
    "head.who_same": ("{who}（{n}个号码）", "{who} ({n} numbers)"),
    "head.who_none": ("催收方", "the collector"),
    "sub.levels": ("按规定的层级分：{levels}。", "By kind of rule: {levels}."),
    "sub.level": ("{level}{n}次", "{level} {n}"),
    "sub.level_only": ("涉及的都是{level}。{means}", "Kind of rule: {level}. {means}"),
    "sub.overlap": ("同一次联系可能涉及不止一种。", "One contact may count under several."),
    "sub.house": (
        "另有{n}次只是超出本机构承诺的更严限度，不算违反法律或规定。",
        "{n} more went beyond the institution's own stricter promise only. That is no breach "
        "of law.",
    ),
    "sub.review": (
        "另有{n}次可能违反规定，要由人来判断。",
        "{n} more may have broken a rule. That is for a person to judge.",
    ),
    "sub.note": (
        "另有{n}次只作提示，不算违反规定。",
        "{n} more only call for a remark and count as no breach.",
    ),
    "sub.period": (
        "记录从{first}到{last}，按{zone}计时。",
        "The log runs from {first} to {last}, on {zone}.",
    ),
    "sub.period_one": (
        "记录都在{first}这一天，按{zone}计时。",
        "The log covers {first} only, on {zone}.",
    ),
    "zone.beijing": ("北京时间", "Beijing time"),
    "zone.other": ("{zone}时区的时间", "{zone} time"),
    "sub.inbound": ("您主动打出或发出的{n}次不计入。", "Not counted: {n} made by you."),
    "sub.empty": (
        "请确认文件和号码都选对了。",
        "Check that you chose the right file and the right numbers.",
    ),
    "sub.empty_numbers": (
        "可能属于催收方的号码列在下面。",
        "Numbers that may be a collector's are listed below.",
    ),
    "sub.empty_rows": ("没有读出的行列在下面。", "Rows that could not be read are listed below."),
    # What to do next.
    "next.title": ("接下来可以做什么", "What you can do next"),
    "next.keep": (
        "保留证据。不要删除通话记录和短信，并把原始文件另存一份。",
        "Keep the evidence. Delete no calls or texts, and save a copy of the original files.",
    ),
    "next.write": (
        "书面告知对方。写明下面列出的时间和条款，要求停止这样联系，并请对方书面答复。",
        "Write to the collector. Name the times and clauses below, ask that such contacts "
        "stop, and ask for a written answer.",
    ),
    "next.ask": (
        "如果您仍然觉得受到打扰，可以请对方书面说明联系的依据，并约定合适的时间和方式。",
        "If you still feel disturbed, ask the collector in writing why it contacts you, and "
        "agree on times and ways that suit you.",
    ),
    "next.other": (
        "您没有替别人还款的义务，签过担保或属于共同债务的除外。您可以明确告诉对方不要再联系您。",
        "You need not pay anyone else's debt, unless you guaranteed it or it is a joint debt. "
        "You may tell the collector plainly to stop contacting you.",
    ),
    "next.choose": (
        "换一份文件，或者写明催收方的号码，再核对一次。",
        "Choose another file, or name the collector's numbers, and check again.",
    ),
    "next.more": (
        "如果还有另一部手机的记录、录音或截图，可以补充进来再核对一次。",
        "If you have logs from another phone, recordings or screenshots, add them and check again.",
    ),
    "next.complain_cn": (
        "先向该机构投诉，留下受理凭据。如果没有解决，可以拨打金融消费者投诉热线12378。",
        "Complain to the institution first and keep its receipt. If that does not help, call "
        "12378, the hotline for financial consumers in China.",
    ),
    "next.complain": (
        "先向该机构投诉，留下受理凭据。如果没有解决，可以向它的监管部门反映。",
        "Complain to the institution first and keep its receipt. If that does not help, turn "
        "to the authority that supervises it.",
    ),
    "next.warn": ("签字或付款之前，请先留意", "Before you sign or pay"),
    "warn.debtor": (
        "在弄清诉讼时效是否已过之前，请不要书面承认欠款，也不要先还一小笔：这可能让时效重新计算。",
        "Do not acknowledge the debt in writing, or pay a small part of it, before you know "
        "whether the limitation period has run out. Either may start it again.",
    ),
    "warn.guarantor": (
        "在弄清保证期间和诉讼时效是否已过之前，请不要书面确认担保或欠款：这可能影响您的权利。",
        "Do not confirm the guarantee or the debt in writing before you know whether the "
        "guarantee and limitation periods have run out. It may cost you your rights.",
    ),
    "warn.other": (
        "请不要在压力下答应代为还款，也不要签字。书面承认或承诺还款，可能让您负上义务，"
        "也可能让诉讼时效重新计算。",
        "Do not promise to pay or sign anything under pressure. A written acknowledgement or "
        "promise may bind you, and may start the limitation period again.",
    ),
    # Pictures.
    "days.title.day": ("每天的联系", "Contacts day by day"),
    "days.title.week": ("每周的联系", "Contacts week by week"),
    "days.title.month": ("每月的联系", "Contacts month by month"),
    "days.title.year": ("每年的联系", "Contacts year by year"),
    "days.most": (
        "{when}联系最多：{what}",
        "The busiest {grain} was {when}: {what}",
    ),
    "days.only": ("{when}：{what}", "{when}: {what}"),
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
        "记录较长，按{grain}合计；没有联系的{grain}不画。",
        "The log is long, so each bar is a {grain}. A {grain} without contacts is left out.",
    ),
    "days.desc": (
        "横条图，每{grain}一行，共{n}行，数字见下表",
        "Bar chart, one row a {grain}, {n} row(s). The table below has the numbers",
    ),
    "days.left": ("没有联系的日子不画。", "Days without contacts are left out."),
    "grain.day": ("天", "day"),
    "grain.week": ("周", "week"),
    "grain.month": ("月", "month"),
    "grain.year": ("年", "year"),
    "days.key": (
        "实心：接通的电话；空心：未接通；下方细条：短信和其他。",
        "Solid: connected calls. Hollow: unanswered. Thin bar: texts and others.",
    ),
    "days.key_unclear": (
        "虚线框：记录没有写明是否接通。",
        "Dotted: not said whether it connected.",
    ),
    "days.limit": ("每日上限{n}", "Limit {n} a day"),
    "days.limit_of": ("（只算{what}）", " ({what} only)"),
    "counted.connected": ("接通的电话", "connected calls"),
    "counted.calls": ("拨打的电话", "calls dialled"),
    "counted.texts": ("短信", "texts"),
    "n.connected": ("接通{n}次", "{n} connected"),
    "n.unanswered": ("未接通{n}次", "{n} unanswered"),
    "n.unclear": ("未写明{n}次", "{n} unclear"),
    "n.texts": ("短信{n}条", "{n} text(s)"),
    "n.other": ("其他{n}次", "{n} other(s)"),
    "n.broken": ("{n}次违反", "{n} broke a rule"),
    "n.attempt": ("{n}次不应发起", "{n} wrongly tried"),
    "n.review": ("{n}次待判断", "{n} to judge"),
    "n.house": ("{n}次超出承诺", "{n} beyond promise"),
    "n.note": ("{n}次提示", "{n} noted"),
    "col.connected": ("接通", "Connected"),
    "col.unanswered": ("未接通", "No answer"),
    "col.unclear": ("未写明", "Not said"),
    "col.texts": ("短信", "Texts"),
    "col.other": ("其他", "Others"),
    "col.broken": ("违反", "Broken"),
    "col.attempt": ("不应发起", "Wrongly tried"),
    "col.review": ("待判断", "To judge"),
    "col.house": ("超出承诺", "Beyond promise"),
    "col.note": ("提示", "Noted"),
    "time.title": ("一天里的时刻", "Times of day"),
    "time.desc": (
        "时刻图，每天一行，共{n}行，横轴从0时到24时。每次联系见下表。",
        "Chart with one row a day, {n} row(s), from 0 to 24 hours. The table below has every "
        "contact.",
    ),
    "time.night": ("有{n}次联系在{hours}之间", "{n} contact(s) fell within {hours}"),
    "time.spread": (
        "联系都在{first}到{last}之间",
        "All contacts came between {first} and {last}",
    ),
    "time.spread_one": ("联系都在{first}", "All contacts came at {first}"),
    "time.shade": ("阴影：{hours}", "Shaded: {hours}"),
    "time.left_clean": ("只画有问题的日子。", "Only days with findings are drawn."),
    "time.left_more": (
        "只画问题最多的{n}天，其余{more}天见下面各条款。",
        "Only the {n} days with most findings are drawn. The other {more} stand under the "
        "clauses below.",
    ),
    "time.table": ("图中的每次联系", "Every contact in the picture"),
    "time.when": ("时间", "Time"),
    "time.what": ("方式", "Kind"),
    "time.result": ("结果", "Result"),
    "time.row": ("出处", "Row"),
    "key.connected": ("接通的电话", "connected call"),
    "key.unanswered": ("未接通", "unanswered call"),
    "key.unclear": ("未写明是否接通", "call, not said if connected"),
    "key.texts": ("短信", "text"),
    "key.other": ("其他", "other"),
    "key.inbound": ("您打出或发出", "made by you"),
    "key.broken": ("实线圈：违反规定", "full ring: broke a rule"),
    "key.attempt": ("虚线圈：本不应发起", "dashed ring: should not have been tried"),
    "key.flagged": ("下划短线：{what}", "line below: {what}"),
    "key.dense": (
        "联系很密：一条竖线代表一次，发现问题的较长。",
        "Many contacts: one stroke each, longer where something was found.",
    ),
    "state.broken": ("违反规定", "broke a rule"),
    "state.attempt": ("本不应发起", "should not have been tried"),
    "state.house": ("超出本机构承诺", "beyond the institution's promise"),
    "state.review": ("待人判断", "for a person to judge"),
    "state.note": ("提示", "a remark"),
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
    "find.sure": ("依据：{sure}", "Source: {sure}"),
    "find.rule": ("规则编号", "Rule"),
    "find.broken.deny": ("已经违反（{n}次）", "Breached ({n})"),
    "find.attempt.deny": ("本不应发起（{n}次）", "Should not have been attempted ({n})"),
    "find.broken.review": (
        "可能违反，待人判断（{n}次）",
        "May be a breach, for a person to judge ({n})",
    ),
    "find.attempt.review": (
        "可能本不应发起，待人判断（{n}次）",
        "Perhaps not to be attempted, for a person to judge ({n})",
    ),
    "find.broken.warn": ("值得留意（{n}次）", "Worth noting ({n})"),
    "find.attempt.warn": ("值得留意（{n}次）", "Worth noting ({n})"),
    "find.broken.house": ("超出本机构承诺（{n}次）", "Beyond the institution's own promise ({n})"),
    "find.attempt.house": (
        "按本机构承诺不应发起（{n}次）",
        "Not to be attempted under the institution's own promise ({n})",
    ),
    "find.broken_means": (
        "这些联系本身就超出了条款的限制。",
        "These contacts themselves go beyond what the clause allows.",
    ),
    "find.attempt_means": (
        "这些联系没有接通或送达，不计入条款限制的次数；但当时已经不应再发起。",
        "These did not get through, so they do not count towards the limit of the clause. By "
        "then, though, none should have been tried.",
    ),
    "find.rows": ("出处", "Rows"),
    "find.unless": ("例外情形（记录无法说明）", "Exceptions that a log cannot show"),
    "find.more": (
        "另有{n}次没有列在这里，加上 --format json 可以得到全部。",
        "{n} more are not listed here. With --format json you get all of them.",
    ),
    "find.rest": ("其余{n}次", "The other {n}"),
    "find.more_rows": ("另有{n}行", "and {n} more row(s)"),
    "level.law": ("法律规定", "law"),
    "level.regulation": ("监管规定", "regulation"),
    "level.standard": ("国家推荐性标准", "recommended national standard"),
    "level.guidance": ("监管指引", "guidance of a regulator"),
    "level.self-regulation": ("行业自律", "industry self-regulation"),
    "level.house": ("本机构承诺", "the institution's own promise"),
    "means.standard": ("推荐采用，本身不是法律。", "It is recommended and is not itself law."),
    "means.guidance": (
        "监管机构写明的期待，本身不是法律。",
        "It is what the regulator expects and is not itself law.",
    ),
    "means.self-regulation": (
        "约束协会会员，不是法律。",
        "It binds members of the association and is not law.",
    ),
    "means.house": (
        "机构自愿采用的更严限度，法律没有这样要求。",
        "A stricter limit that the institution chose. No law asks for it.",
    ),
    "effect.deny": ("不得这样联系", "such a contact is not allowed"),
    "effect.review": ("须由专人判断", "a named person has to judge it"),
    "effect.warn": ("只作提示", "a remark only"),
    "effect.house": ("按承诺不应这样联系", "ruled out by its own promise"),
    "sure.text": ("已核对条文原文", "read in the text itself"),
    "sure.quoted": ("多处转述一致，未见原文", "agreeing reports; the text itself was not seen"),
    "sure.weak": (
        "转述较少或不够可靠，使用前请核对原文",
        "a single or poor report; check the text before use",
    ),
    "sure.recalled": ("凭记忆整理，使用前请核对原文", "from memory; check the text before use"),
    "sure.draft": ("征求意见稿，尚未生效", "a draft, not in force"),
    # What the log cannot show.
    "lack.title": (
        "这份记录不能说明什么，可以补充什么",
        "What this log cannot show, and what to gather",
    ),
    "lack.none": (
        "在已经判断的联系里，没有哪一条因为缺少信息而无法判断。",
        "Among the contacts that were judged, no clause was left open for want of information.",
    ),
    "lack.gather": (
        "补充下面的信息，就能判断更多条款：",
        "With the following, more clauses can be judged:",
    ),
    "lack.item": ("{what}（{n}条规则）", "{what} ({n} rule(s))"),
    "lack.each": ("逐条列出（{n}条规则）", "Clause by clause ({n})"),
    "lack.needs": ("缺少：{what}", "Missing: {what}"),
    "lack.contacts": ("涉及{n}次联系", "concerns {n} contact(s)"),
    "lack.notes": ("关于这份记录", "About this log"),
    "lack.count": (
        "另有{n}条规则，这份记录说明不了是否遵守。",
        "For {n} other rule(s), this log cannot show whether they were kept.",
    ),
    "bad.title": ("没有读出的行", "Rows that could not be read"),
    "bad.count": (
        "有{n}行没有读出，其余的照常核对。",
        "{n} row(s) could not be read. The rest were checked.",
    ),
    "bad.each": ("逐行列出", "Row by row"),
    "bad.file": ("文件", "File"),
    "bad.line": ("行", "Line"),
    "bad.what": ("原因", "Reason"),
    "table.more": ("只列出前{n}行，共{all}行。", "The first {n} of {all} rows are listed."),
    # Numbers.
    "who.title": ("核对了哪些号码", "Which numbers were checked"),
    "who.number": ("号码", "Number"),
    "who.name": ("名称", "Name"),
    "who.maybe": (
        "下面的号码也可能属于催收方，这次没有计入。确认后，用 --collector 加上它们再核对一次：",
        "These numbers may be a collector's too and were left out. If you know them, add them "
        "with --collector and check again:",
    ),
    "who.count": ("{n}条记录", "{n} row(s)"),
    "likelihood.high": ("可能性大", "likely"),
    "likelihood.medium": ("可能", "possible"),
    "likelihood.low": ("可能性小", "less likely"),
    # How to check.
    "check.title": ("如何核对这份报告", "How to check this report"),
    "check.how": (
        "用同样的文件、同样的规则包和下面的命令，任何人都能得到同样的结果。",
        "With the same files, the same rule packs and the command below, anyone gets the same "
        "result.",
    ),
    "check.command": ("命令", "Command"),
    "check.inputs": ("文件及其SHA-256校验值", "Files and their SHA-256 hashes"),
    "check.packs": ("规则包及其校验值", "Rule packs and their hashes"),
    "check.pack": ("规则包", "Pack"),
    "check.hash": ("校验值", "Hash"),
    "check.made": (
        "{when}生成，Forbear 宽和{version}版。",
        "Made on {when} with Forbear {version}.",
    ),
    "check.judged": ("共核对{n}条联系记录。", "Contacts checked: {n}."),
    "check.advice": (
        "本报告只把记录和规则逐条对照，不是法律意见。",
        "This report compares a log with rules, one by one. It is not legal advice.",
    ),
    "skip": ("跳到正文", "Skip to content"),
}
