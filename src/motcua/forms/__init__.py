"""The official forms of the one-stop desk: what they contain by law, and the same content as PDF, DOCX and XLSX."""
