"""The citizen front: find a procedure, track a dossier; on a phone, without login."""
