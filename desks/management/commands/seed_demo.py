"""Fill an empty site with the demonstration; a site that has it stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from centres.models import Centre, Membership
from centres.scoping import centre_scope
from desks.management.demo.people import CENTRES, seed_competence, seed_learners, seed_people
from desks.management.demo.story import STORIES, Story


class Command(BaseCommand):
    """Make the demonstration's centres as the owner, then everything in them as the serving role."""

    help = "Add two demonstration centres with people and work, unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        for slug, (name, number) in CENTRES.items():
            centre, _ = Centre.objects.using("owner").get_or_create(
                slug=slug, defaults={"name": name, "number": number}
            )
            if _seed(Centre.objects.get(pk=centre.pk)):
                self.stdout.write(f"Seeded {name}.")


def _seed(centre: Centre) -> bool:
    today = localdate()
    with centre_scope(centre.pk):
        if Membership.objects.exists():
            return False
        members = seed_people(centre)
        learners = seed_learners(members, today=today)
        seed_competence(members, today=today)
        STORIES[centre.slug](Story(members, today=today), learners)
    return True
