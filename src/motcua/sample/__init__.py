"""A fictitious province with the shape of a real one: for trying, testing and measuring. No real person or place."""
