"""Charts as inline SVG, drawn on the server: the page's own font, nothing inline that the page's policy forbids."""
