"""Reference solutions, one module a lesson: the single source of the exercises' stubs."""
