"""E-mail addresses in one spelling, so that an account has one and its tries are counted under it."""

from lib.refusals import Refusal


class NotAnAddress(Refusal):
    default_message = "Enter an e-mail address such as name@example.org."


def canonical_email(written: str) -> str:
    """Return an address as it is stored and looked up: small letters, and the domain as the net spells it.

    Letters that a database or an expression may take for one another are refused before the @.
    Raises NotAnAddress.

    >>> canonical_email(" Zoë.B@Bücher.Example".replace("ë", "e"))
    'zoe.b@xn--bcher-kva.example'
    """
    local, _, domain = written.strip().rpartition("@")
    if not local.isascii():
        raise NotAnAddress("Before the @ use the letters a to z, digits and signs, without accents.")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotAnAddress from error
    if not local or not host:
        raise NotAnAddress
    return f"{local}@{host}".lower()
