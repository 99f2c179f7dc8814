"""Nominators from a spreadsheet: pasted or as a file, looked at row by row, then planned; nobody is written to."""

import csv
import io

import openpyxl
from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from leaders.components.text import clean_pasted
from leaders.office.admin import office_page
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.contacts import MOST_ROWS, Cells, Contact, judged, read
from nominations.models import Round
from nominations.views.frame import posted

from .frame import round_or_404, url

MOST_BYTES = 1024 * 1024
MOST_COLUMNS = 30
KEPT = "nominations.contacts.{}"  # in the session, by round
HEADINGS = ("Organisation", "Name", "Email", "Job title", "Telephone")
UNREADABLE = "We cannot read this file. Save it as an Excel workbook (.xlsx) or as CSV, or paste its rows."
QUOTATION = "A quotation mark stands wrong, or is opened and not closed. Take it out, or copy the rows once more."


class TableForm(forms.Form):
    """A table as text; a file is turned into the text of its rows, so that they can be put right on the page."""

    table = forms.CharField(
        label="Rows of your spreadsheet",
        required=False,
        strip=False,  # a tab at the beginning is an empty first column
        widget=forms.Textarea({"rows": 10, "cols": 90, "spellcheck": "false"}),
        help_text="Copy them there and paste them here, best with the headings. The columns are organisation, name, "
        "email, job title and telephone; the last two can be left out.",
    )
    file = forms.FileField(label="Or the file itself", required=False, help_text="Excel (.xlsx) or CSV, up to 1 MB")

    def clean_file(self):
        file = self.cleaned_data["file"]
        return _table_in(file) if file else ""

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        given["table"] = clean_pasted(given["file"] or given["table"])
        try:
            self.rows = read(given["table"])
        except csv.Error:
            raise forms.ValidationError(QUOTATION) from None
        if not self.rows:
            raise forms.ValidationError(
                "There are no rows in this file." if "file" in self.files else "Paste some rows, or choose a file."
            )
        if len(self.rows) > MOST_ROWS:
            raise forms.ValidationError(f"There are more than {MOST_ROWS} rows. Bring in at most {MOST_ROWS} at once.")
        return given


def _table_in(file) -> str:
    """The text of a file's rows. Raises ValidationError for one that is too big or no spreadsheet."""
    if file.size > MOST_BYTES:
        raise forms.ValidationError("The file is bigger than 1 MB. Keep only the sheet with the nominators.")
    if not file.name.lower().endswith(".xlsx"):
        return _decoded(file.read())
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        rows = list(book.active.iter_rows(max_row=2 * MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
    except Exception as trouble:  # openpyxl raises whatever it stumbles over
        raise forms.ValidationError(UNREADABLE) from trouble
    return _text_of([["" if cell is None else cell for cell in row] for row in rows])


def _decoded(content: bytes) -> str:
    """Excel writes CSV in UTF-8 with a mark, or in the encoding of Windows."""
    if b"\0" in content:
        raise forms.ValidationError(UNREADABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def contacts(request, pk):
    """Look at the rows, then plan those that are right. Those that are not stay, to be put right."""
    this = round_or_404(pk)
    try:
        actions.check_plans(this, timezone.now())
    except NotPossible as refused:
        messages.info(request, str(refused))
        return redirect(url("coverage", this))
    if request.method != "POST":
        table = request.session.get(KEPT.format(this.pk), "")
        return _page(request, this, TableForm(initial={"table": table}), judged(read(table), this) if table else [])
    form = TableForm(posted(request), request.FILES or None)
    if not form.is_valid():
        return _page(request, this, form, [])
    if "plan" in request.POST:
        if [row.words for row in form.rows] == [row.words for row in _looked_at(request)]:
            return _plan(request, this, judged(form.rows, this))
        messages.info(request, "The rows were changed, so they were looked at again. Nobody is planned yet.")
    return _keep(request, this, form.cleaned_data["table"])


def _keep(request, this: Round, table: str):
    """To the page that shows these rows: they are there for whoever comes back to it before signing out."""
    request.session[KEPT.format(this.pk)] = table
    return redirect(url("contacts", this))


def _looked_at(request) -> list[Cells]:
    """The rows that the page showed when the button was pressed."""
    try:
        return read(clean_pasted(request.POST.get("looked_at", "")))
    except csv.Error:
        return []


def _plan(request, this: Round, found: list[Contact]):
    try:
        count = actions.plan_contacts(round=this, contacts=found, by=request.user, now=timezone.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect(url("coverage", this))
    left = [each.cells for each in found if each.problem]
    if count:
        people = "1 nominator is" if count == 1 else f"{count} nominators are"
        messages.success(request, f"{people} now on the list. Nobody is written to before you invite them.")
    elif not left:
        messages.info(request, "Everybody in these rows is on the list already.")
    if left:
        return _keep(request, this, _table_of(left))
    request.session.pop(KEPT.format(this.pk), None)
    return redirect(url("coverage", this))


def _table_of(rows: list[Cells]) -> str:
    return _text_of([HEADINGS, *(row.words for row in rows)])


def _text_of(rows) -> str:
    """As a spreadsheet copies them."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


def _page(request, this: Round, form: TableForm, found: list[Contact]):
    return office_page(
        request,
        "office/nominations/contacts.html",
        title=f"Nominators from a spreadsheet, {this.cohort.short_name}",
        cohort=this.cohort,
        form=form,
        found=sorted(found, key=lambda each: not each.problem),
        plans=sum(each.plans for each in found),
        problems=sum(bool(each.problem) for each in found),
        looked_at=_table_of([each.cells for each in found]),
        back=url("coverage", this),
    )
