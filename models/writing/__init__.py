"""How people write: numbers, units, dates, names, and how long a text is."""
