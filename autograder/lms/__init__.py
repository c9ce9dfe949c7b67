"""What is known of the downloads of learning management systems: whose each file in one is."""
