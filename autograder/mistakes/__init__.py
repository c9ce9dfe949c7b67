"""Recognises which mistake a function makes. Never given to students."""
