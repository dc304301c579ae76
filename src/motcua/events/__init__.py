"""The seam: what can ever have happened, one frozen dataclass per stream, known to both worlds and to no engine."""
