"""A text PDF → Document. `reader` is the door; `look` tells first what a page holds."""
