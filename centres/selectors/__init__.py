"""What pages show of centres and the people in them."""

from centres.selectors.mine import CentreOfMine, centres_of
from centres.selectors.staff import InvitationLine, invitations_of_staff, staff_of_centre

__all__ = ["CentreOfMine", "InvitationLine", "centres_of", "invitations_of_staff", "staff_of_centre"]
