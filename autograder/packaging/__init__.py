"""What is made for others from the one source: stubs, the students' release, LMS archives."""
