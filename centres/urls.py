"""Where the pages of this room lie inside a centre."""

from django.urls import path

from centres.views import invitations, staff

app_name = "centres"
urlpatterns = [
    path("staff/", staff.StaffView.as_view(), name="staff"),
    path("staff/invite/", invitations.InviteView.as_view(), name="invite"),
    path("invitations/<uuid:invitation_id>/again/", invitations.ResendView.as_view(), name="resend"),
    path("invitations/<uuid:invitation_id>/withdraw/", invitations.WithdrawView.as_view(), name="withdraw"),
    path(
        "learners/<uuid:learner_id>/invite/", invitations.InviteLearnerView.as_view(), name="invite_learner"
    ),
]
