"""The database: all SQL, the original files, what people decided."""
