"""Every table there is; times are whole seconds since 1970 UTC, sealed columns hold envelopes or locked bytes.

No column holds what a person said, who they are, or a token in clear: `address` is a keyed hash of channel and id.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

meta = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Id = BigInteger().with_variant(Integer, "sqlite")

keys = Table(
    "keys", meta,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)  # fmt: skip

addresses = Table(
    "addresses", meta,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("stone", Text, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("knocked", Boolean, nullable=False, server_default=false()),
)  # fmt: skip

inbox = Table(
    "inbox", meta,
    Column("seq", _Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("address", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sealed", LargeBinary),
    Column("silence", Text),
    Column("at", BigInteger, nullable=False),
    Index("ix_inbox_waiting", "state", "seq"),
)  # fmt: skip

offsets = Table(
    "offsets", meta,
    Column("channel", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)  # fmt: skip

talks = Table(
    "talks", meta,
    Column("address", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)  # fmt: skip

outbox = Table(
    "outbox", meta,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("address", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("sealed", LargeBinary),
    Column("announcement", Text),
    Column("trouble", Text),
    Column("at", BigInteger, nullable=False),
    Column("pushed", Boolean, nullable=False, server_default=false()),
    Column("freed", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("address", "n"),
    Index("ix_outbox_waiting", "state", "channel", "not_before"),
)  # fmt: skip

traces = Table(
    "traces", meta,
    Column("address", Text, primary_key=True),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_traces_at", "at"),
)  # fmt: skip

diary = Table(
    "diary", meta,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("address", Text),
    Column("case_ref", Text),
    Index("ix_diary_due", "due"),
)  # fmt: skip

cases = Table(
    "cases", meta,
    Column("reference", Text, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("human", Boolean, nullable=False),
    Column("mode", Text, nullable=False),
    Column("handler", Text, nullable=False),
    Column("address", Text),
    Column("filed", BigInteger, nullable=False),
    Column("first_look_by", BigInteger, nullable=False),
    Column("answer_by", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("news", Boolean, nullable=False),
    Column("locator", Text, nullable=False, unique=True),
    Column("salt", LargeBinary, nullable=False),
    Column("reporter", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("touched", BigInteger, nullable=False),
    Column("keep_days", Integer, nullable=False),
    Column("evidence", Boolean, nullable=False),
    Column("hold", Boolean, nullable=False),
    Column("warned", BigInteger),
    Index("ix_cases_address", "address"),
    Index("ix_cases_closed", "state", "touched"),
)  # fmt: skip

case_wraps = Table(
    "case_wraps", meta,
    Column("case_ref", Text, primary_key=True),
    Column("holder", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_case_wraps_holder", "holder"),
)  # fmt: skip

shut_out = Table(
    "shut_out", meta,
    Column("case_ref", Text, primary_key=True),
    Column("staff", Text, primary_key=True),
)  # fmt: skip

entries = Table(
    "entries", meta,
    Column("id", Text, primary_key=True),
    Column("case_ref", Text),
    Column("draft_of", Text),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_entries_case", "case_ref"),
    Index("ix_entries_draft", "draft_of"),
)  # fmt: skip

files = Table(
    "files", meta,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("entry", Text),
    Column("at", BigInteger, nullable=False),
    Index("ix_files_entry", "entry"),
    Index("ix_files_state", "state", "at"),
)  # fmt: skip

chunks = Table(
    "chunks", meta,
    Column("file", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)  # fmt: skip

desks = Table(
    "desks", meta,
    Column("name", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
)  # fmt: skip

desk_wraps = Table(
    "desk_wraps", meta,
    Column("desk", Text, primary_key=True),
    Column("key_id", Text, primary_key=True),
    Column("holder", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)  # fmt: skip

staff = Table(
    "staff", meta,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("gender", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("locked", LargeBinary, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("languages", Text),
    Column("liaison", Boolean, nullable=False, server_default=false()),
    Column("areas", Text),
)  # fmt: skip

invitations = Table(
    "invitations", meta,
    Column("id", Text, primary_key=True),
    Column("public", LargeBinary, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("liaison", Boolean, nullable=False, server_default=false()),
)  # fmt: skip

sessions = Table(
    "sessions", meta,
    Column("id", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("locked", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)  # fmt: skip

subscribers = Table(
    "subscribers", meta,
    Column("address", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("audience", Text, nullable=False, server_default="all"),
)  # fmt: skip

link_codes = Table(
    "link_codes", meta,
    Column("id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("address", Text),
)  # fmt: skip

announcements = Table(
    "announcements", meta,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written", BigInteger, nullable=False),
    Column("approved_by", Text),
    Column("approved", BigInteger),
    Column("posted", Integer, nullable=False),
    Column("audience", Text, nullable=False, server_default="all"),
)  # fmt: skip

consultations = Table(
    "consultations", meta,
    Column("id", Text, primary_key=True),
    Column("result", Text),
)  # fmt: skip

suggestions = Table(
    "suggestions", meta,
    Column("id", Text, primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_suggestions_consultation", "consultation"),
)  # fmt: skip

versions = Table(
    "versions", meta,
    Column("what", Text, primary_key=True),
    Column("version", Text, nullable=False),
)  # fmt: skip

referrals = Table(
    "referrals", meta,
    Column("id", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ask_again", BigInteger, nullable=False),
    Index("ix_referrals_case", "case_ref"),
)  # fmt: skip

plans = Table(
    "plans", meta,
    Column("id", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_plans_case", "case_ref"),
)  # fmt: skip

tallies = Table(
    "tallies", meta,
    Column("month", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)  # fmt: skip

alerts = Table(
    "alerts", meta,
    Column("case_ref", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
)  # fmt: skip

alarms = Table(
    "alarms", meta,
    Column("id", Text, primary_key=True),
    Column("area", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("called", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("unanswered", Boolean, nullable=False),
    Column("acked_by", Text),
    Column("acked_at", BigInteger),
    Column("outcome", Text),
    Index("ix_alarms_at", "at"),
)  # fmt: skip

tasks = Table(
    "tasks", meta,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("done_by", Text),
    Column("done_at", BigInteger),
)  # fmt: skip

# Not in backups: gone after a day.
echoes = Table(
    "echoes", meta,
    Column("mark", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Index("ix_echoes_at", "at"),
)  # fmt: skip

audit = Table(
    "audit", meta,
    Column("seq", _Id, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_about", "about"),
)  # fmt: skip

reveals = Table(
    "reveals", meta,
    Column("id", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("approved_by", Text),
    Column("until", BigInteger),
    Index("ix_reveals_case", "case_ref"),
)  # fmt: skip

relays = Table(
    "relays", meta,
    Column("id", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("to_staff", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("promised", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_relays_case", "case_ref"),
    Index("ix_relays_to_staff", "to_staff"),
)  # fmt: skip

erasures = Table(
    "erasures", meta,
    Column("case_ref", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
)  # fmt: skip

tombstones = Table(
    "tombstones", meta,
    Column("seq", _Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    UniqueConstraint("kind", "name"),
)  # fmt: skip
