"""Files made from the course for others: stubs, the students' release, LMS archives."""
