"""Nominators from a spreadsheet: pasted or as a file, looked at row by row, then planned; nobody is written to."""

import csv
import io

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from import_export.formats.base_formats import XLSX

from leaders.components.text import clean_pasted
from leaders.office.admin import office_page
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.contacts import COLUMNS, MOST_ROWS, Contact, judged, read
from nominations.views.frame import posted

from .frame import round_or_404, url

MOST_BYTES = 1024 * 1024
HEADINGS = ("Organisation", "Name", "Email", "Job title", "Telephone")
UNREADABLE = "We cannot read this file. Save it as an Excel workbook (.xlsx) or as CSV, or paste its rows."

UNCLOSED = "A quotation mark is opened and not closed. Take it out, or copy the rows once more."


class TableForm(forms.Form):
    """A table as text; a file is turned into the text of its rows, so that they can be put right here."""

    table = forms.CharField(
        label="Rows of your spreadsheet",
        required=False,
        strip=False,  # a tab at the beginning is an empty first column
        widget=forms.Textarea({"rows": 10, "cols": 90, "spellcheck": "false"}),
        help_text="Copy them there and paste them here, with or without the headings. The columns are organisation, "
        "name, email, job title and telephone; the last two can be left out.",
    )
    file = forms.FileField(label="Or the file itself", required=False, help_text="Excel (.xlsx) or CSV, up to 1 MB")

    def clean_file(self):
        file = self.cleaned_data["file"]
        return _table_in(file) if file else ""

    def clean(self):
        given = super().clean()
        if not self.errors:
            given["table"] = clean_pasted(given["file"] or given["table"])
            try:
                self.rows = read(given["table"])
            except csv.Error:
                raise forms.ValidationError(UNCLOSED) from None
            if not self.rows:
                raise forms.ValidationError("Paste some rows, or choose a file.")
            if len(self.rows) > MOST_ROWS:
                raise forms.ValidationError(f"There are {len(self.rows):,} rows. Bring in at most {MOST_ROWS} at once.")
        return given


def _table_in(file) -> str:
    """The text of a file's rows. Raises ValidationError for one that is too big or no spreadsheet."""
    if file.size > MOST_BYTES:
        raise forms.ValidationError("The file is bigger than 1 MB. Keep only the sheet with the nominators.")
    content = file.read()
    if not file.name.lower().endswith(".xlsx"):
        return _decoded(content)
    try:
        rows = XLSX().create_dataset(content)
    except Exception as trouble:  # openpyxl raises whatever it stumbles over
        raise forms.ValidationError(UNREADABLE) from trouble
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(
        [["" if cell is None else cell for cell in row] for row in (rows.headers or [], *rows)]
    )
    return out.getvalue()


def _decoded(content: bytes) -> str:
    """Excel writes CSV in UTF-8 with a mark, or in the encoding of Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise forms.ValidationError(UNREADABLE) from None


def contacts(request, pk):
    """Look at the rows, then plan those that are right. Those that are not stay, to be put right."""
    this = round_or_404(pk)
    if looked_at := request.POST.get("looked_at", ""):
        return _plan(request, this, looked_at)
    form = TableForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _page(request, this, TableForm(initial=form.cleaned_data), judged(form.rows, this))
    return _page(request, this, form, [])


def _plan(request, this, looked_at: str):
    """Exactly the rows that the page showed."""
    found = judged(read(clean_pasted(looked_at))[:MOST_ROWS], this)
    try:
        count = actions.plan_contacts(round=this, contacts=found, by=request.user, now=timezone.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
        return _page(request, this, TableForm(initial={"table": looked_at}), found)
    if count:
        people = "1 nominator is" if count == 1 else f"{count} nominators are"
        messages.success(request, f"{people} on the list. Nobody is written to before you invite them.")
    left = [each for each in found if each.problem]
    if not left:
        return redirect(url("coverage", this))
    return _page(request, this, TableForm(initial={"table": _text_of(each.cells for each in left)}), left)


def _text_of(rows) -> str:
    """As it was pasted, with headings: whatever order the columns had."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
    return out.getvalue()


def _page(request, this, form: TableForm, found: list[Contact]):
    plans = sum(each.plans for each in found)
    return office_page(
        request,
        "office/nominations/contacts.html",
        title=f"Nominators from a spreadsheet, {this.cohort.short_name}",
        cohort=this.cohort,
        form=form,
        found=sorted(found, key=lambda each: not each.problem),
        plans=plans,
        problems=sum(bool(each.problem) for each in found),
        looked_at=_text_of(each.cells for each in found),
        back=url("coverage", this),
    )
