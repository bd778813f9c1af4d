"""The YAML of forms and programmes, read strictly and held against the regulation's own words."""
