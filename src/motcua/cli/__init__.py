"""The command line: each command translates words into calls and figures into text, nothing more."""
