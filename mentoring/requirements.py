"""What a programme may ask of mentoring and coaching to graduate: that it took place, never how it went."""

from django.urls import reverse

from cohorts.registry import Evidence, requirement

from .models import CoachingAttendance, Meeting, MenteeProfile


@requirement(order=400, key="mentoring", title="Meet a mentor")
def mentoring(place, settings) -> Evidence:
    """`meetings` meetings with a mentor (1 unless set). Somebody who would rather do without has met it."""
    url = reverse("my_mentor")
    profile = MenteeProfile.objects.filter(place=place).only("choice").first()
    if profile and not profile.is_in:
        return Evidence(done=True, text="Mentoring: without, as you chose", url=url)
    wanted = settings.get("meetings", 1)
    met = Meeting.objects.filter(mentorship__place=place).count()
    return Evidence(done=met >= wanted, text=f"Mentoring: {met} of {wanted} meetings", url=url)


@requirement(order=410, key="coaching", title="Take part in a coaching group")
def coaching(place, settings) -> Evidence:
    """`sessions` sessions of the coaching group (4 unless set)."""
    wanted = settings.get("sessions", 4)
    came = CoachingAttendance.objects.filter(place=place, present=True).count()
    return Evidence(
        done=came >= wanted, text=f"Coaching group: {came} of {wanted} sessions", url=reverse("my_coaching")
    )
