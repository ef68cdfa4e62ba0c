"""The closed words of a contact: every name that a contact or a fact may use.

An unknown word is refused where it enters, because a misspelt channel or fact would otherwise
slip past every rule that names it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """The medium of a contact."""

    CALL = "call"
    VOICEMAIL = "voicemail"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    APP = "app"
    SOCIAL = "social"
    LEGAL = "legal"


class Direction(StrEnum):
    """Who began the contact: the collector (outbound) or the person (inbound)."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class Party(StrEnum):
    """Who is reached."""

    DEBTOR = "debtor"
    GUARANTOR = "guarantor"
    SPOUSE = "spouse"
    EMERGENCY_CONTACT = "emergency_contact"
    EMPLOYER = "employer"
    ATTORNEY = "attorney"
    THIRD_PARTY = "third_party"


class Purpose(StrEnum):
    """Why the contact is made."""

    COLLECT = "collect"
    REMIND = "remind"
    LOCATE = "locate"
    RESPOND = "respond"
    NOTICE = "notice"


class Outcome(StrEnum):
    """How the contact ended."""

    CONVERSATION = "conversation"
    ANSWERED_LIMITED = "answered_limited"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL_LEFT = "voicemail_left"
    VOICEMAIL_UNAVAILABLE = "voicemail_unavailable"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    OUT_OF_SERVICE = "out_of_service"
    WRONG_NUMBER = "wrong_number"


class Level(StrEnum):
    """The rank of the instrument that a rule comes from."""

    LAW = "law"
    REGULATION = "regulation"
    STANDARD = "standard"
    GUIDANCE = "guidance"
    SELF_REGULATION = "self-regulation"
    HOUSE = "house"


class Effect(StrEnum):
    """What a broken rule does: refuse, ask a named person, or only say so."""

    DENY = "deny"
    REVIEW = "review"
    WARN = "warn"


class Confidence(StrEnum):
    """How sure we are of our reading of a clause, best first.

    ``text`` was read in the text itself, ``quoted`` in an agreeing report of it; ``weak`` in a
    single or poor report, ``recalled`` from memory, ``draft`` is not enacted.
    """

    TEXT = "text"
    QUOTED = "quoted"
    WEAK = "weak"
    RECALLED = "recalled"
    DRAFT = "draft"


class FactKind(StrEnum):
    """What a collector can know of a debtor."""

    ADDRESS_KIND = "address_kind"
    AGREED_TIME = "agreed_time"
    ATTORNEY = "attorney"
    ATTORNEY_CONSENT = "attorney_consent"
    ATTORNEY_UNRESPONSIVE = "attorney_unresponsive"
    AUTHORISED_REPRESENTATIVE = "authorised_representative"
    BANKRUPTCY = "bankruptcy"
    CEASE_REQUEST = "cease_request"
    COMPLAINT = "complaint"
    CONSENT = "consent"
    CONTACT_REFUSED = "contact_refused"
    COURT_INJUNCTION = "court_injunction"
    COURT_PERMISSION = "court_permission"
    CREDITOR_EMAIL_NOTICE = "creditor_email_notice"
    CRISIS = "crisis"
    DEBT_GROUP = "debt_group"
    DECEASED = "deceased"
    DISPUTE = "dispute"
    EMPLOYER_PROHIBITS = "employer_prohibits"
    ERASURE_REQUEST = "erasure_request"
    GUARANTEE = "guarantee"
    HARDSHIP = "hardship"
    INCAPACITY = "incapacity"
    INCONVENIENT_PLACE = "inconvenient_place"
    INCONVENIENT_TIME = "inconvenient_time"
    INHERITANCE_RENOUNCED = "inheritance_renounced"
    INSTALMENT_AGREEMENT = "instalment_agreement"
    JOINT_DEBT = "joint_debt"
    JUDGMENT = "judgment"
    LEGAL_STATUS = "legal_status"
    LENDER_PROFILE = "lender_profile"
    LOAN_CLASS = "loan_class"
    LOCATED_AT = "located_at"
    MEDIATION_REFUSED = "mediation_refused"
    MINOR = "minor"
    MORATORIUM = "moratorium"
    NO_CONTACT_ORDER = "no_contact_order"
    NUMBER_VERIFIED = "number_verified"
    OPT_OUT = "opt_out"
    ORIGINAL_CREDITOR_REQUEST = "original_creditor_request"
    POSSIBLE_TIMEZONE = "possible_timezone"
    PREFERRED_CHANNEL = "preferred_channel"
    PRIOR_COLLECTOR_EMAIL = "prior_collector_email"
    PUBLIC_HOLIDAY = "public_holiday"
    RECYCLED_NUMBER = "recycled_number"
    REFUSES_TO_PAY = "refuses_to_pay"
    REPAYMENT_PLAN_IN_PREPARATION = "repayment_plan_in_preparation"
    SENSITIVE_OCCASION = "sensitive_occasion"
    STOP_REQUEST = "stop_request"
    STUDENT = "student"
    THIRD_PARTY_ANSWER_WRONG = "third_party_answer_wrong"
    THIRD_PARTY_VOLUNTEERS = "third_party_volunteers"
    TIME_BARRED = "time_barred"
    VERIFICATION_SENT = "verification_sent"
    VISIT_NOTICE = "visit_notice"
    VULNERABLE = "vulnerable"
    WORKING_HOURS = "working_hours"
    WRONG_NUMBER = "wrong_number"


# Keys of a contact beyond the ones that every contact has. `False` means closed world: unsaid is
# "no such thing". `True` means open world: unsaid is unknown, and the gate refuses what rests on
# it.
MORE_KEYS: Final[dict[str, bool]] = {
    "address_source": True,
    "agent_profile": True,
    "agent_profiles": False,
    "agents": True,
    "bot": False,
    "caller_id": False,
    "consent": False,
    "could_leave_message": False,
    "device": True,
    "discussed_debts": False,
    "dropped": False,
    "entry_consent": True,
    "envelope_text": False,
    "form": False,
    "general": False,
    "id_shown": True,
    "identified": True,
    "identity_disclosed": True,
    "identity_verified": True,
    "lender_approved_device": False,
    "mode": True,
    "notice": False,
    "party_age": False,
    "place": True,
    "prerecorded": False,
    "read_at": False,
    "recorded": True,
    "relation": False,
    "requested_by_debtor": False,
    "requested_by_third_party": False,
    "resumes_dropped": False,
    "ringless": False,
    "same_call": False,
    "thread": False,
    "urgent_benefit": False,
    "visibility": True,
}

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
