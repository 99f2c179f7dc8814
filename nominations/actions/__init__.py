"""What can happen to rounds, nominations, assessments and offers; one module a step."""

from leaders.people.refusals import NotPossible

from .accepting import (
    accept_nomination,
    cut_equality_links,
    decline_endorsement,
    decline_nomination,
    endorse,
    forget_access_needs,
    save_equality_return,
)
from .assessing import (
    add_panel_member,
    assign,
    declare_conflict,
    remove_panel_member,
    reopen_assessment,
    score,
    share_out_reading,
)
from .cancelling import call_off
from .deciding import concerns, decide, order_waiting_list, release
from .ending import defer_nomination, withdraw_nomination
from .extending import extend_deadline
from .halfway import choose_answer, forget_saved_answers, mail_answer_link, save_answer
from .inviting import (
    check_plans,
    invite,
    invite_instead,
    move_round,
    nobody_this_time,
    open_round,
    plan_contacts,
    plan_invitation,
    plan_round,
    send_invitations,
    take_nobody_back,
    tell_me,
    undo_nobody,
    withdraw_invitation,
)
from .offering import (
    accept_offer,
    decline_offer,
    expire_offers,
    extend_offer,
    make_offer,
    offer_free_seats,
    offer_seats_to,
    promote_next,
)
from .reminding import next_reminder, remind_now
from .renewing import renew_link
from .replacing import agree_to_replace, ask_to_replace, refuse_to_replace, substitute_nominee
from .saving import Stale, delete_draft, save_section, settle_clash
from .sending import AlreadyNominated, ask_to_send, known_nominator, send_nomination
from .sharing import finish_share, revoke_share, share_section
from .starting import begun_with, draft_path, mail_link_again, path_here, start_application, start_nomination
from .telephoning import note_nomination

__all__ = [
    "AlreadyNominated",
    "NotPossible",
    "Stale",
    "accept_nomination",
    "accept_offer",
    "add_panel_member",
    "agree_to_replace",
    "ask_to_replace",
    "ask_to_send",
    "assign",
    "begun_with",
    "call_off",
    "check_plans",
    "choose_answer",
    "concerns",
    "cut_equality_links",
    "decide",
    "declare_conflict",
    "decline_endorsement",
    "decline_nomination",
    "decline_offer",
    "defer_nomination",
    "delete_draft",
    "draft_path",
    "endorse",
    "expire_offers",
    "extend_deadline",
    "extend_offer",
    "finish_share",
    "forget_access_needs",
    "forget_saved_answers",
    "invite",
    "invite_instead",
    "known_nominator",
    "mail_answer_link",
    "mail_link_again",
    "make_offer",
    "move_round",
    "next_reminder",
    "nobody_this_time",
    "note_nomination",
    "offer_free_seats",
    "offer_seats_to",
    "open_round",
    "order_waiting_list",
    "path_here",
    "plan_contacts",
    "plan_invitation",
    "plan_round",
    "promote_next",
    "refuse_to_replace",
    "release",
    "remind_now",
    "remove_panel_member",
    "renew_link",
    "reopen_assessment",
    "revoke_share",
    "save_answer",
    "save_equality_return",
    "save_section",
    "score",
    "send_invitations",
    "send_nomination",
    "settle_clash",
    "share_out_reading",
    "share_section",
    "start_application",
    "start_nomination",
    "substitute_nominee",
    "take_nobody_back",
    "tell_me",
    "undo_nobody",
    "withdraw_invitation",
    "withdraw_nomination",
]
