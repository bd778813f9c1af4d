"""A Word document → Document, from its XML. `reader` is the door."""
