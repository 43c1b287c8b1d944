"""What a house says to everybody about the data that it keeps."""
