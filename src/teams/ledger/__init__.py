"""The verifiable log: canonical leaves, RFC 6962 tree, signed heads, receipts, tiles, and a standalone verifier."""
