"""From whole numbers to points, and back: which dossiers, procedures and petitions a lost point hangs on."""
