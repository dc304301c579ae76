"""Plane geometry of maps: outlines read, simplified together, projected, labelled, or made up."""
