"""Making sure who somebody is, with tries that are counted."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.utils import timezone

from centres.models import User
from lib.addresses import NotAnAddress, canonical_email
from lib.refusals import Refusal
from lib.throttle import Throttle

BY_EMAIL = Throttle("password of an e-mail address", limit=10, seconds=15 * 60)
BY_NETWORK = Throttle("password from a network address", limit=50, seconds=15 * 60)
IN_SESSION = Throttle("password again in a session", limit=10, seconds=15 * 60)


class WrongPassword(Refusal):
    default_message = "That password is not right. Try again."


class TooManyTries(Refusal):
    """Somebody tried too often; the message says from when they may try again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        again = timezone.localtime(timezone.now() + timedelta(seconds=seconds, minutes=1))
        super().__init__(f"There were too many tries. Wait a little and try again from {again:%H:%M}.")


def count_try(*, email: str, address: str) -> None:
    """Count one try of a password before it is looked at. Raises TooManyTries."""
    wait = max(BY_EMAIL.wait(_counted_under(email)), BY_NETWORK.wait(address))
    if wait:
        raise TooManyTries(wait)


def forgive_try(*, email: str, address: str) -> None:
    """Take back the count of a password that was right."""
    BY_EMAIL.clear(_counted_under(email))
    BY_NETWORK.forgive(address)


def recognise(*, email: str, password: str, address: str) -> User:
    """Return the person whose address and password these are.

    A wrong password and an unknown address take the same work and get the same words. Raises
    TooManyTries, WrongPassword.
    """
    count_try(email=email, address=address)
    user = authenticate(username=_in_one_spelling(email), password=password)
    if not isinstance(user, User):
        raise WrongPassword("That e-mail address and password do not fit together.")
    forgive_try(email=email, address=address)
    return user


def confirm_identity(*, user: User, password: str, session: str) -> None:
    """Make sure that the person at the keys is still the one who signed in, as signing asks.

    Tries are counted for the person in this session alone, so that nobody outside can keep them from signing.
    Raises TooManyTries, WrongPassword.
    """
    tries = f"{user.pk} {session}"
    wait = IN_SESSION.wait(tries)
    if wait:
        raise TooManyTries(wait)
    if not user.check_password(password):
        raise WrongPassword
    IN_SESSION.clear(tries)


def _in_one_spelling(email: str) -> str:
    """Return an address as it is looked up; what is no address finds nobody."""
    try:
        return canonical_email(email)
    except NotAnAddress:
        return email


def _counted_under(email: str) -> str:
    """Return what tries are counted under: the account that an address leads to, else the address."""
    email = _in_one_spelling(email)
    account = User.objects.filter(email=email).values_list("pk", flat=True).first()
    return str(account or email)
