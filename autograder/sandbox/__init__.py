"""The student's process: how it is started and confined, and what may cross its boundary."""
