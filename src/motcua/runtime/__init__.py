"""What an installation gives the program: its environment, its database."""
