"""一 Organization: who belongs where."""
