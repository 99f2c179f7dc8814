"""What a form says while it waits to be finished: which answers are missing, and which are too long."""

from django import forms


class MayWait(forms.Form):
    """A form that may be saved before it is complete."""

    @property
    def may_wait(self) -> bool:
        """Whether nothing is wrong but answers still to come or to shorten: enough to save and come back later."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return codes <= {"required", "max_words"}

    @property
    def unready(self) -> dict:
        """What stands in the fields that are left empty or hold too many words, by field."""
        return {
            name: self.fields[name].to_python(self[name].data)
            for name, errors in self.errors.as_data().items()
            if {error.code for error in errors} <= {"required", "max_words"}
        }

    @property
    def too_long(self) -> list[str]:
        """What has to be shortened before it can be sent, a sentence each."""
        found = []
        for name, errors in self.errors.as_data().items():
            for error in errors:
                if error.code == "max_words":
                    words, most = error.params["words"], error.params["limit"]
                    found.append(f"“{self[name].label}” has {words} words, and can have {most}.")
                elif error.code == "max_length":
                    letters, most = error.params["show_value"], error.params["limit_value"]
                    found.append(f"“{self[name].label}” has {letters} characters, and can have {most}.")
        return found
