"""Which roles may come in at which address of a centre, by every method: a table to read, not to compute."""

from centres.permissions import Role

EVERYONE = frozenset(Role)
READERS = frozenset({Role.LEARNER, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA})
SHEETS = READERS | {Role.ADMINISTRATOR}
REGISTER = frozenset({Role.ADMINISTRATOR, Role.TUTOR, Role.LEAD_IQA})
JUDGES = frozenset({Role.ASSESSOR, Role.IQA, Role.LEAD_IQA})
QUALITY = frozenset({Role.IQA, Role.LEAD_IQA})
STAFF_LISTS = frozenset({Role.ADMINISTRATOR, Role.LEAD_IQA})
LEARNER = frozenset({Role.LEARNER})
ASSESSOR = frozenset({Role.ASSESSOR})
OFFICE = frozenset({Role.ADMINISTRATOR})
LEAD = frozenset({Role.LEAD_IQA})

ATTEMPT = "submissions/<uuid:submission_id>/"
PART = ATTEMPT + "parts/<str:part_ref>/"
UNIT = "units/<uuid:registration_id>/<str:unit_ref>/"
SESSION = "sessions/<uuid:session_id>/"
SUPERVISION = "supervision/<uuid:supervision_id>/"
RECORD = "records/<uuid:record_id>/"
REVIEW = "quality/reviews/<uuid:review_id>/"
SHEET = "marking/sheets/<uuid:sheet_id>/"
SHEET_OF_JUDGE = "marking/<uuid:judgement_id>/"

PROGRAMME = REGISTER | LEARNER
TUTOR = frozenset({Role.TUTOR})
OBSERVERS = frozenset({Role.TUTOR, Role.ASSESSOR})
ENTRY = "programme/<uuid:entry_id>/"
DEVIATION = "deviations/<uuid:deviation_id>/"
OF_REGISTRATION = "registrations/<uuid:registration_id>/"

MAY_ENTER: dict[str, frozenset[Role]] = {
    "home/": EVERYONE,
    "catalogue/": EVERYONE,
    "catalogue/qualifications/<slug:key>/": EVERYONE,
    "catalogue/units/<str:ref>/": EVERYONE,
    "catalogue/assessments/<slug:key>/": EVERYONE,
    "marking/sheets/": SHEETS,
    SHEET: SHEETS,
    SHEET + "pdf/": SHEETS,
    SHEET + "pages/<int:page>/": SHEETS,
    SHEET + "record/": SHEETS,
    "evidence/<uuid:evidence_id>/": READERS,
    "evidence/<uuid:evidence_id>/preview/": READERS,
    "evidence/<uuid:evidence_id>/page/<int:page>/": READERS,
    "evidence/<uuid:evidence_id>/pages/": READERS,
    "learners/": REGISTER,
    "learners/register.csv": REGISTER,
    "learners/<uuid:learner_id>/": REGISTER,
    "learners/<uuid:learner_id>/attempts/": REGISTER,
    SHEET_OF_JUDGE: JUDGES,
    "programme/": REGISTER,
    "programme/programmes.csv": REGISTER,
    OF_REGISTRATION + "programme/": PROGRAMME,
    OF_REGISTRATION + "programme/<slug:kind>/": TUTOR,
    OF_REGISTRATION + "deviations/add/": TUTOR,
    "observations/": OBSERVERS,
    OF_REGISTRATION + "observations/": OBSERVERS,
    OF_REGISTRATION + "observations/<str:unit_ref>/<slug:template_key>/": OBSERVERS,
    ENTRY + "correct/": TUTOR,
    ENTRY + "confirm/": LEARNER,
    DEVIATION + "withdraw/": TUTOR,
    DEVIATION + "letter/": SHEETS | REGISTER,
    "staff/": STAFF_LISTS,
    "staff/competence/": STAFF_LISTS,
    "staff/conflicts/": STAFF_LISTS,
    "quality/": QUALITY,
    "quality/board.csv": QUALITY,
    "quality/open/<uuid:submission_id>/": QUALITY,
    REVIEW: QUALITY,
    REVIEW + "lines/<uuid:line_id>/": QUALITY,
    REVIEW + "comments/<uuid:comment_id>/": QUALITY,
    REVIEW + "note/": QUALITY,
    REVIEW + "decide/": QUALITY,
    REVIEW + "put-back/": QUALITY,
    "quality/release/<uuid:submission_id>/": QUALITY,
    "quality/released/<uuid:submission_id>/": QUALITY,
    ATTEMPT: LEARNER,
    ATTEMPT + "portfolio/": SHEETS,
    ATTEMPT + "portfolio/pdf/": SHEETS,
    ATTEMPT + "feedback/": LEARNER,
    ATTEMPT + "before/": LEARNER,
    ATTEMPT + "submit/": LEARNER,
    ATTEMPT + "withdraw/": LEARNER,
    ATTEMPT + "offers/<uuid:offer_id>/remove/": LEARNER,
    PART + "files/": LEARNER,
    PART + "uploads/": LEARNER,
    PART + "states/": LEARNER,
    "uploads/<uuid:upload_id>/": LEARNER,
    "evidence/": LEARNER,
    "evidence/<uuid:evidence_id>/claims/": LEARNER,
    "claims/<uuid:claim_id>/remove/": LEARNER,
    "claims/<uuid:claim_id>/restore/": LEARNER,
    "discussions/": LEARNER,
    "discussions/add/": LEARNER,
    "discussions/<uuid:discussion_id>/": LEARNER,
    "discussions/<uuid:discussion_id>/confirm/": LEARNER,
    "registrations/<uuid:registration_id>/units/<str:ref>/matrix/": LEARNER,
    "registrations/<uuid:registration_id>/units/<str:ref>/matrix/csv/": LEARNER,
    PART + "text/": LEARNER,
    UNIT: LEARNER,
    UNIT + "client/": LEARNER,
    UNIT + "sessions/add/": LEARNER,
    UNIT + "supervision/add/": LEARNER,
    UNIT + "records/<slug:template_key>/<slug:part>/": LEARNER,
    SESSION: LEARNER,
    SESSION + "finished/": LEARNER,
    SESSION + "reflect/": LEARNER,
    SESSION + "remove/": LEARNER,
    SESSION + "restore/": LEARNER,
    SUPERVISION: LEARNER,
    SUPERVISION + "finished/": LEARNER,
    SUPERVISION + "remove/": LEARNER,
    SUPERVISION + "restore/": LEARNER,
    RECORD: LEARNER,
    RECORD + "history/": LEARNER,
    RECORD + "print/": LEARNER,
    RECORD + "remove/": LEARNER,
    RECORD + "restore/": LEARNER,
    RECORD + "sign/": LEARNER,
    RECORD + "seen/": LEARNER,
    RECORD + "ask/": LEARNER,
    RECORD + "paper/": LEARNER,
    "links/<uuid:link_id>/withdraw/": LEARNER,
    "papers/<uuid:paper_id>/remove/": LEARNER,
    PART + "restore/<uuid:evidence_id>/": LEARNER,
    "assessments/<uuid:registration_id>/<slug:key>/": LEARNER,
    "marking/": ASSESSOR,
    "marking/take-next/": ASSESSOR,
    "marking/take/<uuid:submission_id>/": ASSESSOR,
    "marking/parts/<uuid:line_id>/": ASSESSOR,
    "marking/comments/<uuid:comment_id>/": ASSESSOR,
    SHEET_OF_JUDGE + "next/": ASSESSOR,
    SHEET_OF_JUDGE + "sign/": ASSESSOR,
    SHEET_OF_JUDGE + "receipt/": ASSESSOR,
    SHEET_OF_JUDGE + "hand-back/": ASSESSOR,
    "exports/": OFFICE,
    "exports/sheets/": OFFICE,
    "exports/<uuid:export_id>/": OFFICE,
    "exports/<uuid:export_id>/file/": OFFICE,
    "approvals/": OFFICE,
    "staff/invite/": OFFICE,
    "staff/<uuid:member_id>/": OFFICE,
    "staff/<uuid:member_id>/leave/": OFFICE,
    "invitations/<uuid:invitation_id>/again/": OFFICE,
    "invitations/<uuid:invitation_id>/withdraw/": OFFICE,
    "learners/add/": OFFICE,
    "learners/<uuid:learner_id>/invite/": OFFICE,
    "learners/<uuid:learner_id>/register/": OFFICE,
    "registrations/<uuid:registration_id>/extend/": OFFICE,
    "staff/competence/decide/": LEAD,
    "staff/conflicts/declare/": LEAD,
    "staff/conflicts/<uuid:conflict_id>/withdraw/": LEAD,
}
