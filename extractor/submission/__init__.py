"""A folder or zip as one application: what each file is, its lists, evidence and summary row."""
