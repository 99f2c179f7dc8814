"""The office’s own screens for mentoring and coaching."""
