"""What learning management systems write and read: their files in, their files out."""
