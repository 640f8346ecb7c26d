"""Pages of the register, of the centre's approvals and of the staff's competence."""
