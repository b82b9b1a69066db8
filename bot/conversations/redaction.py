"""Take what names a person out of a message before it is stored, sent to the action server or logged.

The message has been read before (for warning signs too), so that nothing is lost on the way. What is taken out is
replaced by a word for it in brackets. Numbers are recognised by their check digits where they have some: NHS numbers,
cards; phone numbers by the rules of their country. In doubt about a word, it stays: what people write of their health
is what the conversation is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import phonenumbers
from stdnum import luhn
from stdnum.gb import nhs

WORDS = Path(__file__).with_name("names")

Span = tuple[int, int, str]

# -- numbers ------------------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"(?<![\w.])\d(?:[ .\-]?\d){8,18}(?!\w)")
_NHS_CUE = re.compile(r"\bnhs\s*(?:number|no|num|nr|#)?\.?\W{0,3}(?:is|was)?\W{0,3}$", re.IGNORECASE)
_PHONE_CUE = re.compile(
    r"\b(?:phone|mobile|mob|tel|telephone|landline|number|call me|ring me|text me|reach me|contact me|whatsapp)\b"
    r"[^\d.?!]{0,25}(\+?\(?\d[\d ()\-]{5,18}\d)(?!\w)",
    re.IGNORECASE,
)
# by its form alone: libphonenumber does not know numbers that nobody has been given yet
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}|00\d{2}|\(?0)(?:[ ().\-]{0,2}\d){8,11}(?!\w)")
MANY_DIGITS = re.compile(r"(?:\d\D{0,3}){7}")
PHONE_LENGTH = range(7, 16)
HELPLINES = frozenset({"116123"})


def numbers(text: str) -> Iterator[Span]:
    """Card, NHS and phone numbers."""
    if not MANY_DIGITS.search(text):
        return
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if len(digits) >= 13 and luhn.is_valid(digits):
            yield (*found.span(), "card number")
        elif len(digits) == 10 and (nhs.is_valid(digits) or _NHS_CUE.search(text[: found.start()])):
            yield (*found.span(), "NHS number")
    for found in _PHONE.finditer(text):
        yield (*found.span(), "phone number")
    for match in phonenumbers.PhoneNumberMatcher(text, "GB", phonenumbers.Leniency.VALID):
        yield match.start, match.end, "phone number"
    for found in _PHONE_CUE.finditer(text):
        digits = re.sub(r"\D", "", found.group(1))
        if len(digits) in PHONE_LENGTH and digits not in HELPLINES:
            yield (*found.span(1), "phone number")


# -- letters ------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+\-]+\s?@\s?[\w\-]+(?:\.[\w\-]+)+")
_SPOKEN_EMAIL = re.compile(
    r"\b[\w.+\-]+(?: dot [\w\-]+)*(?: at |\s?\(at\)\s?)[\w\-]+(?: dot |\s?\(dot\)\s?)(?:com|co|org|net|uk|nhs|ac)"
    r"(?: dot (?:uk|com|net))?\b",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also spoken ("jo at mail dot com")."""
    for pattern in (_EMAIL, _SPOKEN_EMAIL):
        for found in pattern.finditer(text):
            yield (*found.span(), "email")


_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|"
    "G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|"
    "OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|"
    "WF|WN|WR|WS|WV|YO|ZE"
)
# the second half of a postcode has no c, i, k, m, o or v, so "L4 5mg" is none; "L5 1st" would be one, but is a vertebra
_POSTCODE = re.compile(
    rf"\b(?![LS][1-5] \d(?:st|nd|rd|th|yr|hr|lb|ft|gp)\b)(?:{_AREAS})\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{{2}}\b",
    re.IGNORECASE,
)


def postcodes(text: str) -> Iterator[Span]:
    """Postcodes of the United Kingdom."""
    for found in _POSTCODE.finditer(text):
        yield (*found.span(), "postcode")


# -- dates of birth -----------------------------------------------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NUMERIC = r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}"
_WORDED = rf"(?:the )?{_DAY}(?: of)? {_MONTH}\.?,?(?: (?:\d{{4}}|'?\d{{2}}))?(?!\d)"
_WORDED_US = rf"{_MONTH}\.? {_DAY},?(?: \d{{4}})?(?!\d)"
_DATE = rf"(?:{_NUMERIC}|\d\d \d\d \d{{4}}|{_WORDED}|{_WORDED_US}|\d{{6}}(?:\d\d)?(?!\d))"
_BORN = r"(?:\bborn|\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth|\bbirth ?date|\bbirthday|\bbirth day)"
_BORN_BEFORE = re.compile(rf"{_BORN}[^\d.?!]{{0,20}}?({_DATE})", re.IGNORECASE)
_BORN_AFTER = re.compile(rf"({_DATE})[^\d.?!]{{0,12}}{_BORN}", re.IGNORECASE)
_BORN_IN_YEAR = re.compile(r"\bI was born (?:in|back in) ((?:19|20)\d\d)\b", re.IGNORECASE)
_BARE = re.compile(rf"(?<![\d/.\-])({_NUMERIC})")
_HAPPENED = re.compile(r"\b(?:on|since|from|in|until|till|by|before|after|around|about|was|appointment|op)\W*$", re.I)
GROWN_UP = 16  # years; a bare date as old as that is more likely a birthday than a date of the illness


def births(text: str) -> Iterator[Span]:
    """Dates of birth; dates on which something happened stay."""
    for pattern in (_BORN_BEFORE, _BORN_AFTER, _BORN_IN_YEAR):
        for found in pattern.finditer(text):
            yield (*found.span(1), "date of birth")
    for found in _BARE.finditer(text):
        year = re.search(r"(?:19|20)\d\d", found.group())
        if year and int(year.group()) <= date.today().year - GROWN_UP and not _HAPPENED.search(text[: found.start()]):
            yield (*found.span(1), "date of birth")


# -- addresses ----------------------------------------------------------------------------------------------------

_STREET = "street|road|rd|avenue|ave|lane|crescent|cres|terrace|mews|gardens|gdns|boulevard|cul-de-sac"
# these are words of plain English too, so the name before them must be written with a capital
_STREET_LIKE = (
    "St|Way|Close|Drive|Dr|Court|Ct|Grove|Place|Hill|Square|Row|Walk|Park|View|Rise|Green|Parade|Wharf|Quay|"
    "Cottages?|House|Lodge|Farm|Mill|Heights|Mount|Vale|Meadows?|Fields?"
)
# words that no street name holds: "2 miles down the road", "20 minutes each way"
_NO_STREET = (
    r"(?!(?:down|the|an?|mins?|minutes?|miles?|hours?|days?|weeks?|months?|years?|of|from|up|along|across|in|on|by|each|"
    r"every|per|times?|yards?|metres?|km|steps?|to|and|or|my|at|off)\b)"
)
_UNIT = r"(?:(?:flat|apartment|apt|unit|room) ?\d{0,4}[a-z]?,? )?"
_TOWN = r"(?:,? (?:[A-Z][a-z]+)(?:[ \-][A-Z][a-z]+)?)?"
_ADDRESS = re.compile(
    rf"\b{_UNIT}\d{{1,4}}[a-z]?,? (?:{_NO_STREET}[a-z'\-]+\.? ){{1,3}}(?:{_STREET})\b\.?(?-i:{_TOWN})", re.IGNORECASE
)
_ADDRESS_CAPITAL = re.compile(
    rf"\b(?:[Ff]lat ?\d+[a-z]?,? )?\d{{1,4}}[a-z]?,? (?:[A-Z][\w'\-]+ ){{1,3}}(?:{_STREET_LIKE})\b{_TOWN}"
)
_HOUSE = re.compile(
    r"\b(?i:live at|living at|stay at|staying at|lives at|address is|address's|address:|home is) "
    r"((?:\d{1,4}[a-zA-Z]?|[Ff]lat \w+|[A-Z]|[Tt]he [A-Z])[\w'\-]*(?:,? (?:\d+|[A-Z][\w'\-]*|upon|on|the|le)\b)*)"
)
_LOWER_HOUSE = re.compile(r"\b(?:address is|address:|live at|living at) (\d{1,4}[a-z]? [a-z'\-]+(?: [a-z'\-]+)?)", re.I)
_FLAT = re.compile(r"\b(?:flat|apartment) \d+[a-z]?,? [A-Z][\w'\-]+(?: [A-Z][\w'\-]+)*")


def addresses(text: str) -> Iterator[Span]:
    """Street addresses, and what follows "I live at"."""
    for pattern in (_ADDRESS, _ADDRESS_CAPITAL, _FLAT):
        for found in pattern.finditer(text):
            yield (*found.span(), "address")
    for pattern in (_HOUSE, _LOWER_HOUSE):
        for found in pattern.finditer(text):
            yield (*found.span(1), "address")


# -- names --------------------------------------------------------------------------------------------------------

_WORD = r"[^\W\d_][\w'’\-]*"
_NAMED = re.compile(
    rf"\b(?:my (?:full |first |last |real |maiden )?name(?:'s|’s|s| is|:)|(?:^|, )name(?:'s|’s| is|:)|surname is)"
    rf"\s*:?\s*({_WORD}(?: {_WORD}){{0,3}})",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"\b(?:call me|known as|signed,|regards,|wishes,|sincerely,|faithfully,)\s*({_WORD}(?: {_WORD}){{0,3}})",
    re.IGNORECASE,
)
_I_AM = re.compile(rf"\b(?:I'm|I’m|I am|im)\s+({_WORD}(?: {_WORD}){{0,2}})", re.IGNORECASE)
_MAYBE = re.compile(rf"\b(?:this is|it's|it’s|its|hi|hello|here is)\s+({_WORD}(?: {_WORD}){{0,2}})", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Prof|Professor|Sister|Nurse)\.? "
    r"((?!Who\b|Google\b)[A-Z][a-z'’\-]+(?: [A-Z][a-z'’\-]+)?)"
)
_RELATIVE = re.compile(
    r"\b(?i:my) (?i:husband|wife|partner|son|daughter|mum|dad|mother|father|brother|sister|friend|boss|physio|"
    r"boyfriend|girlfriend|nan|gran|carer)(?i:'s name is|,? called)?,? ([A-Z][a-z'’\-]+)"
)
_SIGNED_OFF = re.compile(
    rf"\b(?:thanks|thank you|cheers|ta|from|love)[,.!]?\s+({_WORD}(?: {_WORD})?)[.!x ]*$", re.IGNORECASE
)


@cache
def words(name: str) -> frozenset[str]:
    """A list of words, in small letters.

    Args:
        name: `first_names`, which are common in the United Kingdom; `not_in_names`, which may follow a name in the same
            breath; `capitals_of_other_words`, such as those of languages, days and illnesses.
    """
    return frozenset((WORDS / f"{name}.txt").read_text(encoding="utf-8").split())


def names(text: str) -> Iterator[Span]:
    """Names that people give of themselves, and those after a title or a relative."""
    for found in _NAMED.finditer(text):
        yield from _name(found, lambda word: True, surname_in_lower=True)
    for pattern in (_I_AM, _CALLED):
        for found in pattern.finditer(text):
            yield from _name(found, _is_first_name if text.isupper() else _looks_like_a_name)
    for pattern in (_MAYBE, _RELATIVE, _SIGNED_OFF):
        for found in pattern.finditer(text):
            yield from _name(found, _is_first_name)
    for found in _TITLE.finditer(text):
        yield (*found.span(1), "name")


def _is_first_name(word: str) -> bool:
    return word.lower() in words("first_names")


def _looks_like_a_name(word: str) -> bool:
    lower = word.lower()
    capital = word[0].isupper() and not word.isupper() and lower not in words("capitals_of_other_words")
    capital = capital and not lower.endswith("ing")
    return capital or _is_first_name(word)


def _name(found: re.Match[str], begins: Callable[[str], bool], surname_in_lower: bool = False) -> Iterator[Span]:
    """The name at the start of what was found.

    Args:
        begins: whether a word begins a name.
        surname_in_lower: whether a second word in small letters belongs to a first one in small letters.
    """
    start, end = found.span(1)[0], None
    for place, word in enumerate(re.finditer(_WORD, found.group(1))):
        bare = re.sub(r"['’]s$", "", word.group())
        if place == 0:
            belongs = begins(bare)
        else:
            belongs = bare[0].isupper() or (surname_in_lower and place == 1 and found.group(1).islower())
        if not belongs or bare.lower() in words("not_in_names"):
            break
        end = start + word.start() + len(bare)
    if end:
        yield start, end, "name"


FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (emails, addresses, names)
FINDERS_OF_DIGITS: tuple[Callable[[str], Iterator[Span]], ...] = (numbers, births, postcodes)
_DIGIT = re.compile(r"\d")


def spans(text: str) -> list[Span]:
    """What names a person in a text: start, end and kind, in order, none within another."""
    finders = (*FINDERS, *FINDERS_OF_DIGITS) if _DIGIT.search(text) else FINDERS
    found = sorted((span for finder in finders for span in finder(text)), key=lambda span: (span[0], -span[1]))
    apart: list[Span] = []
    for span in found:
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def redact(text: str) -> str:
    """The text, with a word in brackets for each thing that names a person."""
    pieces, at = [], 0
    for start, end, kind in spans(text):
        pieces += [text[at:start], f"[{kind}]"]
        at = end
    return "".join([*pieces, text[at:]])
