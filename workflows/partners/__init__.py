"""Netzwerk der Partner: partner files are imported, compared and undone; the network is read and edited."""
