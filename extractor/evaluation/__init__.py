"""A self-evaluation report without a form → its indicators and typical projects."""
