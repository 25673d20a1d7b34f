"""What somebody asks for who makes a share link: the form's fields, or the API's, checked and resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from appliance.redaction.profile import Profile
from appliance.storage.accounts import User
from appliance.storage.shares import HOUR_US, LONGEST_US, NOTE_LENGTH, WORDS_LENGTH, Wanted
from appliance.web.auth import passwords
from appliance.web.found_call import FoundCall

EXPIRIES = ((1, "1 hour"), (24, "1 day"), (7 * 24, "7 days"), (30 * 24, "30 days"), (90 * 24, "90 days"))
"""Hours, and what the form calls them."""
DEFAULT_HOURS = 7 * 24
DEFAULT_PROFILE = Profile.NUMBERS_AND_ADDRESSES


class BadShare(ValueError):
    """What was asked for cannot be; the text is a sentence, `where` the field."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


@dataclass(frozen=True, slots=True)
class ShareForm:
    """As it was filled in."""

    hours: int = DEFAULT_HOURS
    profile: Profile = DEFAULT_PROFILE
    legs: tuple[str, ...] | None = None
    """Call-IDs; None for all."""
    password: str = field(default="", repr=False)
    note: str = ""
    words: str = ""
    keep: bool = False


def of_form(values: Mapping[str, str], legs: Sequence[str], found: FoundCall) -> ShareForm:
    """The fields of the page; `legs` are the places of the chosen ones among those of the call. Raises BadShare."""
    places = [int(leg) for leg in legs if leg.isascii() and leg.isdigit() and len(leg) < 6]
    chosen = tuple(found.callids[place] for place in places if place < len(found.callids))
    if values.get("legs") == "chosen" and not chosen:
        raise BadShare("Choose at least one leg to show.", "leg")
    return ShareForm(
        hours=_hours(values.get("hours", "")),
        profile=_profile(values.get("redaction", "")),
        legs=chosen if chosen and set(chosen) != set(found.callids) else None,
        password=values.get("password", ""),
        note=_text(values.get("note", ""), NOTE_LENGTH, "note"),
        words=_text(values.get("words", ""), WORDS_LENGTH, "words"),
        keep=bool(values.get("keep")),
    )


def _hours(value: str) -> int:
    if not value:
        return DEFAULT_HOURS
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
    if not 0 < number * HOUR_US <= LONGEST_US:
        raise BadShare("A link works for 1 hour to 90 days.", "hours")
    return number


def _profile(value: str) -> Profile:
    if not value:
        return DEFAULT_PROFILE
    try:
        return Profile(value)
    except ValueError as error:
        raise BadShare(f"What is replaced is one of {', '.join(Profile)}.", "redaction") from error


def _text(value: str, most: int, where: str) -> str:
    value = " ".join(value.split())
    if len(value) > most:
        raise BadShare(f"That is longer than {most} characters.", where)
    return value


async def wanted(form: ShareForm, found: FoundCall, user: User, now_us: int) -> Wanted:
    """Ready to be stored. Raises BadShare when the password is no good."""
    hashed = None
    if form.password:
        try:
            passwords.check(form.password, user.name)
        except passwords.WeakPassword as error:
            raise BadShare(str(error), "password") from error
        hashed = await passwords.hashed(form.password)
    return Wanted(
        callid=found.callid,
        call_at=found.started,
        # what is joined to the call later was not seen by whoever shares it
        legs=form.legs or found.callids,
        redaction=form.profile.value,
        expires_at=now_us + form.hours * HOUR_US,
        words=form.words,
        password_hash=hashed,
        note=form.note,
    )
