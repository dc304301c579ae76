"""What would be: the score with other facts, other targets or another rule set, and the smallest way to more points."""
