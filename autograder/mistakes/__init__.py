"""Known wrong implementations, one file a lesson. Never given to students."""
