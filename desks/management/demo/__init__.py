"""The demonstration: two invented centres, a person for each role, and work in every state."""
