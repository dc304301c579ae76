"""The front of those who keep units, people, catalogue and workflows: administrators, the office, heads."""
