"""The guided conversations, one file a flow."""

from actions.flows.complaint import COMPLAINT
from actions.flows.human import HUMAN
from actions.flows.status import STATUS

FLOWS = {each.key: each for each in (COMPLAINT, STATUS, HUMAN)}

__all__ = ["COMPLAINT", "FLOWS", "HUMAN", "STATUS"]
