"""What is made for others from the one source: the students' stubs."""
