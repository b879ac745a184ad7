"""Reads on persons and accounts."""

from lianxi.commons.blinding import plain_form

from .models import Account, Person


def person_of(pk: int) -> Person | None:
    """The person of that key."""
    return Person.objects.filter(pk=pk).first()


def number_in(text: str) -> str:
    """The phone number that was typed, in its plain form; empty if it is none."""
    plain = plain_form(text).removeprefix("+86")
    return plain if plain.isdigit() and plain.isascii() else ""


def account_for(login: str) -> Account | None:
    """The account of that name, or of the only person with that phone."""
    found = Account.objects.filter(username__iexact=login.strip()[:60]).first()
    if found is None and (number := number_in(login)):
        some = list(Account.objects.filter(person__phone_is=number)[:2])
        found = some[0] if len(some) == 1 else None
    return found
