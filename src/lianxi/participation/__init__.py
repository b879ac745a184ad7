"""三 Participation: what residents raise is heard, routed, answered and rated."""
