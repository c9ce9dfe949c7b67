"""Results in the formats of other systems: their own files, filled in, and their JSON."""
