"""Where the pages of this room lie inside a centre."""

from django.urls import path

from qualifications.views import approvals, learner, register, staff

app_name = "qualifications"
urlpatterns = [
    path("learners/", register.RegisterView.as_view(), name="register"),
    path("learners/register.csv", register.ExportView.as_view(), name="export"),
    path("learners/add/", learner.AddLearnerView.as_view(), name="add_learner"),
    path("learners/<uuid:learner_id>/", learner.LearnerView.as_view(), name="learner"),
    path(
        "learners/<uuid:learner_id>/register/",
        learner.RegisterLearnerView.as_view(),
        name="register_learner",
    ),
    path("registrations/<uuid:registration_id>/extend/", learner.ExtendView.as_view(), name="extend"),
    path("approvals/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("staff/competence/", staff.CompetenceView.as_view(), name="competence"),
    path("staff/competence/decide/", staff.DecideCompetenceView.as_view(), name="decide_competence"),
    path("staff/conflicts/", staff.ConflictsView.as_view(), name="conflicts"),
    path("staff/conflicts/declare/", staff.DeclareConflictView.as_view(), name="declare_conflict"),
    path(
        "staff/conflicts/<uuid:conflict_id>/withdraw/",
        staff.WithdrawConflictView.as_view(),
        name="withdraw_conflict",
    ),
]
