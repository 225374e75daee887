"""The guided conversations, one file a family of flows."""

from actions.flows.call import CALL
from actions.flows.complaint import COMPLAINT
from actions.flows.help import HELP
from actions.flows.human import HUMAN
from actions.flows.misconduct import MISCONDUCT, SEA
from actions.flows.plain import ASSISTANCE, PRAISE, QUESTION, RUMOUR, SUGGESTION, TELL
from actions.flows.protection import CHILD, PATROL, THREAT
from actions.flows.status import STATUS
from actions.flows.you import YOU

FLOWS = {
    each.key: each
    for each in (
        COMPLAINT, MISCONDUCT, SEA, CHILD, THREAT, PATROL, ASSISTANCE, QUESTION, SUGGESTION, PRAISE, RUMOUR, TELL,
        STATUS, HUMAN, CALL, HELP, YOU,
    )
}  # fmt: skip

__all__ = ["CALL", "COMPLAINT", "FLOWS", "HELP", "HUMAN", "STATUS", "YOU"]
