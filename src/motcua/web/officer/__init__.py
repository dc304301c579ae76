"""The officer front: work lists, one dossier and its acts, intake; driven by keyboard."""
