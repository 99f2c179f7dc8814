"""The office's own screens about programmes, cohorts, places and case studies."""
