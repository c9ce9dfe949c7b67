"""Results in the form in which other systems take them: their own files, filled, and their JSON."""
