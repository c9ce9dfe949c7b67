"""Recognises the downloads of learning management systems, and whose each file in one is."""
