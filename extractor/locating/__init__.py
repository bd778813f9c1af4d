"""Document + form → answers with evidence. `locate` is the door."""
