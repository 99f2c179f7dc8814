from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.shortcuts import render

from leaders.components import charts
from leaders.components.dates import LONDON
from leaders.components.fields import DatePartsField, WordsField
from leaders.components.forms import Form, Look

TODAY = date(2027, 3, 4)
NOW = datetime(2027, 3, 4, 9, 30, tzinfo=LONDON)
NAVIGATION = [
    {"label": label, "url": "/", "current": label == "Home"}
    for label in ("Home", "Modules", "My learning", "My people", "Dates", "Graduation")
]
MODULES = [
    ("Leading in systems", date(2026, 9, 15)),
    ("Self and presence", date(2026, 11, 10)),
    ("Money and risk", date(2027, 1, 19)),
    ("Political leadership", date(2027, 3, 18)),
    ("Place and partners", date(2027, 5, 11)),
    ("Legacy", date(2027, 7, 6)),
]
TILES = (
    "CTY43 BAR73 BRN31 BXL74 BRT22 BRM55 CMD32 CRD45 ELG12 ENF40 GRN64 HCK52 HMS13 HGY41 HRW21 HVG72 HDN02 "
    "HNS03 ISL42 KNS23 KNG25 LAM34 LSH54 MRT35 NWM63 RDB62 RCH14 SWR44 STN36 TOW53 WTH51 WNS24 WST33"
)


def crossings(count=6):
    states = ["done", "done", "missed", "next", "later", "later", "later", "later"]
    notes = {"done": ("Attended", "done"), "missed": ("Missed", "late"), "next": ("In 2 weeks", "due")}
    return [
        charts.Crossing(
            index + 1,
            MODULES[index % 6][0],
            MODULES[0][1] + timedelta(days=58 * index),
            MODULES[0][1] + timedelta(days=58 * index + 1),
            states[index],
            "/parts/",
            *notes.get(states[index], ()),
        )
        for index in range(count)
    ]


def home(request):
    messages.success(request, "Your learning contract was sent to Ade Okonkwo.")
    return render(
        request,
        "gallery/home.html",
        {
            "title": "Home",
            "brand_sub": "Cohort 7, 2026 to 2027",
            "navigation": NAVIGATION,
            "card": {
                "date": date(2027, 3, 8),
                "eyebrow": "Next for you, due in 4 days",
                "title": "Review your learning contract with Ade",
                "text": "Your line manager has added one comment and is waiting for your reply. About 10 minutes.",
                "url": "/question/",
                "action": "Read and reply",
            },
            "river": charts.river(crossings(), today=TODAY),
            "todo": [
                {
                    "label": "Prepare for module 4",
                    "url": "/",
                    "why": "Read two papers and write 200 words on a decision you lost, about 50 minutes",
                    "tag": "Due 15 March",
                    "kind": "due",
                },
                {
                    "label": "Tell us how module 3 went",
                    "url": "/",
                    "why": "Four questions",
                    "tag": "3 days late",
                    "kind": "late",
                },
                {"label": "Choose a title for your case study", "url": "/", "tag": "Due 26 March", "kind": "neutral"},
            ],
            "agenda": [
                {"at": date(2027, 3, 5), "title": "Mentoring with Joanne", "text": "8:30am to 9:30am, by phone"},
                {
                    "at": NOW + timedelta(days=14),
                    "title": "Module 4, day 1",
                    "text": "Toynbee Hall, E1",
                    "url": "/parts/",
                },
            ],
            "plot": charts.dot_plot(
                [
                    charts.Rating("Working across a system", 2.6, 3.8),
                    charts.Rating("Political judgement", 2.2, 2.9),
                    charts.Rating("Voice and presence", 3.1, 3.0),
                    charts.Rating("Equity and inclusion", 4.1, None),
                ],
                "Sept",
                "Feb",
            ),
            "people": [
                {
                    "heading": "Systems challenge team",
                    "names": ["Amara Mensah", "Tom Boateng", "Rana Khan", "Sade Okafor", "Łukasz Hryń"],
                    "title": "Team Lea",
                    "text": "Families in temporary accommodation",
                    "url": "/",
                    "link": "Team page and notes",
                },
                {
                    "heading": "Mentor",
                    "names": ["Joanne Whitfield"],
                    "title": "Joanne Whitfield",
                    "url": "/",
                    "link": "Arrange the next one",
                },
                {
                    "heading": "Your council",
                    "names": ["Ade Okonkwo", "Helen Marsh"],
                    "title": "Ade Okonkwo, Helen Marsh",
                    "text": "Line manager and sponsor",
                },
            ],
            "requirements": [
                {"label": "Learning contract signed", "done": True},
                {"label": "Modules: 3 of 6 attended", "done": False},
                {"label": "First questionnaire done", "done": True},
                {"label": "Narrative: due 11 June", "done": False},
            ],
        },
    )


def nominate(request):
    return render(
        request,
        "gallery/nominate.html",
        {
            "title": "Nominate an Assistant Director",
            "brand_sub": "Nominations for Cohort 8",
            "steps": ["done", "done", "part", "todo", "todo"],
            "tasks": [
                {"label": "About you", "url": "/", "hint": "Your name, role and council", "kind": "done"},
                {
                    "label": "Who you are nominating",
                    "url": "/",
                    "hint": "Amina Rahman, Assistant Director",
                    "kind": "done",
                },
                {
                    "label": "Why this person, why now",
                    "url": "/",
                    "hint": "142 of 300 words",
                    "kind": "info",
                    "status": "In progress",
                },
                {"label": "What your council will do", "url": "/", "kind": "neutral", "status": "Not started"},
                {"label": "Check and send", "hint": "When the four sections above are complete", "kind": "blocked"},
            ],
        },
    )


class Everything(Form):
    name = forms.CharField(label="Your full name")
    email = forms.EmailField(label="Your work email address", help_text="We send your private link to it")
    phone = forms.CharField(label="Your telephone number", required=False)
    years = forms.IntegerField(label="Years in your role", min_value=0, max_value=60)
    fee = forms.DecimalField(label="The fee your council will pay", min_value=0)
    service = forms.ChoiceField(
        label="The service",
        choices=[("", "Choose one"), ("adults", "Adult social care"), ("children", "Children’s services")],
    )
    started = DatePartsField(label="When the nominee started", help_text="For example, 27 3 2019", latest=TODAY)
    manager = forms.ChoiceField(
        label="Does the line manager agree?", choices=[("yes", "Yes"), ("no", "Not yet")], widget=forms.RadioSelect
    )
    why_not = forms.CharField(label="What is missing", required=False)
    needs = forms.MultipleChoiceField(
        label="Access needs",
        choices=[("step", "Step-free access"), ("bsl", "British Sign Language interpreter"), ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    why = WordsField(label="Why this person, why now", max_words=30, rows=5)
    letter = forms.FileField(label="A letter of support", required=False)
    secret = forms.CharField(label="Your password", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="I have told the nominee", help_text="They will get an email from us")

    looks = {
        "name": Look(autocomplete="name", width=30),
        "phone": Look(autocomplete="tel", width=20),
        "years": Look(width=3, suffix="years"),
        "fee": Look(width=5, prefix="£"),
        "manager": Look(
            bold=True, called="whether the line manager agrees", reveals={"no": "why_not"}, hints={"yes": "In writing"}
        ),
        "needs": Look(bold=True, exclusive="none"),
    }


def question(request):
    form = Everything(request.POST or None, request.FILES or None)
    context = {
        "form": form,
        "heading": "About the nomination",
        "section": "Nominate",
        "back_url": "/nominate/",
        "readers": "you, the panel and the programme team. Not the nominee.",
    }
    return render(request, "components/question_page.html", context)


class OneQuestion(Form):
    why = WordsField(
        label="Why this person, why now?",
        max_words=300,
        help_text="What have they done, and what would a year of this change?",
    )
    looks = {"why": Look(heading=True)}


def one_question(request):
    form = OneQuestion(request.POST or None)
    return render(
        request,
        "components/question_page.html",
        {"form": form, "heading": form["why"].label, "heading_in_form": True, "back_url": "/nominate/"},
    )


def parts(request):
    messages.info(request, "Nominations close in two weeks.")
    messages.error(request, "Two messages bounced.")
    return render(
        request,
        "gallery/parts.html",
        {
            "title": "Parts",
            "navigation": NAVIGATION,
            "rows": [
                {"key": "Name", "value": "Amina Rahman", "url": "/question/"},
                {
                    "key": "Why now",
                    "value": "First line.\nSecond, with a_very_long_word_that_has_no_place_to_break_at_all@example.org",
                    "url": "/question/",
                    "hidden": "why now",
                },
                {"key": "Telephone", "value": "", "url": "/question/"},
                {"key": "Reference", "value": "N8-0147"},
            ],
            "undated": {"eyebrow": "Next for you", "title": "Tell us what to call you", "url": "/", "action": "Start"},
            "rivers": [charts.river(crossings(count), today=TODAY) for count in (1, 2, 8)],
            "map": charts.tile_map(
                [
                    charts.Tile(t[:3], f"Authority {t[:3]}", int(t[3]), int(t[4]), i % 5, url="/")
                    for i, t in enumerate(TILES.split())
                ]
            ),
            "funnel": charts.funnel(
                [
                    charts.Stage(*stage)
                    for stage in (
                        ("Started", 61),
                        ("Sent", 47),
                        ("Read by two people", 31),
                        ("Offered a place", 24),
                        ("Accepted", 0),
                    )
                ]
            ),
            "columns": charts.columns([("1 Mar", 4), ("8 Mar", 12), ("15 Mar", 0), ("22 Mar", 7)]),
            "history": [
                {"at": NOW, "what": "Contract signed", "text": "By Helen Marsh, sponsor", "current": True},
                {"at": NOW - timedelta(days=3), "what": "Comment added", "url": "/"},
                {"at": date(2027, 1, 19), "what": "Module 3 attended"},
            ],
            "due": NOW + timedelta(days=4),
            "now": NOW,
        },
    )


def sent(request):
    return render(request, "gallery/sent.html", {"title": "Nomination sent"})
