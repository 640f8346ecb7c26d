"""Pages of the ground floor: the open doors, and the people of a centre."""
