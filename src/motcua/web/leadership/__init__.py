"""The leadership front: the 100 points now, where they are lost, and by which dossiers."""
