from django.urls import path, re_path

from .models import MentorshipReview
from .views import coaching, mentee, mentor, mentorships

KINDS = "|".join(MentorshipReview.ASKED)

urlpatterns = [
    path("my/mentor/", mentee.my_mentor, name="my_mentor"),
    path("my/mentor/wishes/", mentee.my_wishes, name="my_mentor_wishes"),
    path("my/mentor/without/", mentee.my_mentor_out, name="my_mentor_out"),
    path("my/mentor/choices/", mentee.my_choices, name="my_mentor_choices"),
    path("my/conflicts/new/", mentor.my_conflict, name="my_conflict"),
    path("my/conflicts/<int:pk>/withdraw/", mentor.my_conflict_withdraw, name="my_conflict_withdraw"),
    path("my/coaching/", coaching.my_coaching, name="my_coaching"),
    path("mentor/", mentor.mentor_home, name="mentor_home"),
    path("mentor/offer/", mentor.my_offer, name="mentor_offer"),
    path("mentor/rest/", mentor.my_rest, name="mentor_rest"),
    path("mentor/stand-down/", mentor.my_stand_down, name="mentor_stand_down"),
    path("mentor/<int:pk>/", mentor.mentor_mentee, name="mentor_mentee"),
    # Both sides of a mentorship use the same pages.
    path("mentorship/<int:pk>/meeting/", mentorships.meeting, name="mentorship_meeting"),
    path("mentorship/<int:pk>/meetings/<int:meeting>/", mentorships.meeting_change, name="mentorship_meeting_change"),
    path("mentorship/<int:pk>/meetings/<int:meeting>/away/", mentorships.meeting_away, name="mentorship_meeting_away"),
    path("mentorship/<int:pk>/next/", mentorships.plan, name="mentorship_plan"),
    path("mentorship/<int:pk>/next/away/", mentorships.call_off, name="mentorship_call_off"),
    path("mentorship/<int:pk>/agreement/", mentorships.agreement, name="mentorship_agreement"),
    path("mentorship/<int:pk>/agreement/yes/", mentorships.say_yes, name="mentorship_say_yes"),
    path("mentorship/<int:pk>/notes/", mentorships.notes, name="mentorship_notes"),
    path("mentorship/<int:pk>/notes/<int:note>/away/", mentorships.note_away, name="mentorship_note_away"),
    path("mentorship/<int:pk>/decline/", mentorships.decline, name="mentorship_decline"),
    path("mentorship/<int:pk>/end/", mentorships.end, name="mentorship_end"),
    re_path(rf"^mentorship/(?P<pk>\d+)/review/(?P<kind>{KINDS})/$", mentorships.review, name="mentorship_review"),
    path("coach/", coaching.coach_home, name="coach_home"),
    path("coach/groups/<int:pk>/session/", coaching.new_session, name="coach_new_session"),
    path("coach/sessions/<int:pk>/record/", coaching.record, name="coach_record"),
    path("coach/sessions/<int:pk>/change/", coaching.change, name="coach_change"),
    path("coach/sessions/<int:pk>/cancel/", coaching.cancel, name="coach_cancel"),
]
