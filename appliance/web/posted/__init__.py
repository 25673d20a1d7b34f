"""What programs post to /api/v1/ingest: octets to items, items to packets."""
