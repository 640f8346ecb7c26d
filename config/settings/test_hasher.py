"""The real password hasher with the least work, so that tests that sign in stay quick."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """Argon2 with one pass over little memory."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
