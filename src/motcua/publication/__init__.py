"""Công bố hằng tháng: a month's result frozen, reviewed, signed, shown to everybody, and recomputed bit for bit."""
