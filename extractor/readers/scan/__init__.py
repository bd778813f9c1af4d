"""Pictures of pages → Document, by rapidocr and OpenCV. `reader` is the door."""
