"""The same submissions graded by this project and by others, in turns."""
