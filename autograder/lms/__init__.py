"""What is known about learning management systems: reading their downloads, filling their files."""
