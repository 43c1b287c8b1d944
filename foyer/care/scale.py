"""Our own scale: seven parts of life, five levels each, every level anchored in words, for staff and for the resident.

It is an aid to talk and to plan with, not a clinical test; nobody is ranked by it and nobody loses anything by a low
level. The domains are those of the statutory guidance (fisik, mental-spiritual, sosial, keterampilan) with education
and independence; what is scored under "hope, values and faith" is never whether somebody worships.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.care.models import Domain

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Anchors:
    """A domain in words: ``levels`` as staff read them, ``own`` as the resident reads them, 1 first."""

    name: Any
    about: Any
    own_name: Any
    levels: tuple[Any, ...]
    own: tuple[Any, ...]


SCALE: dict[Domain, Anchors] = {
    Domain.PHYSICAL: Anchors(
        _l("Body and health"),
        _l("Health, sleep, meals, washing, moving about."),
        _l("My body and health"),
        (
            _l("Ill, hurt or exhausted; needs care today."),
            _l("Often unwell or short of sleep; needs reminding of meals, washing or medicine."),
            _l("Mostly well; looks after body and sleep with some help."),
            _l("Well; looks after body and sleep and asks for help when ill."),
            _l("Well and active; keeps healthy habits without help."),
        ),
        (
            _l("I feel ill or in pain now."),
            _l("I am often tired or unwell."),
            _l("It is mostly all right."),
            _l("I feel well and look after myself."),
            _l("I feel strong and healthy."),
        ),
    ),
    Domain.PSYCHOSOCIAL: Anchors(
        _l("Feelings and coping"),
        _l("Mood, fear and anger, coping with strain, belief in oneself."),
        _l("My feelings"),
        (
            _l("Overwhelmed, or at risk of self-harm; somebody must stay close."),
            _l("Feelings often take over; needs an adult to become calm again."),
            _l("Names feelings and becomes calm with some help."),
            _l("Copes with most days and asks for help in time."),
            _l("Copes with setbacks, believes in own strength, encourages others."),
        ),
        (
            _l("It is too much for me now. I need somebody."),
            _l("My feelings often get too big for me."),
            _l("Sometimes it is hard, but with help I manage."),
            _l("I manage most days."),
            _l("I manage even when things go wrong."),
        ),
    ),
    Domain.MENTAL_SPIRITUAL: Anchors(
        _l("Hope, values and faith"),
        _l("Hope, meaning, own values and, for those who wish, faith. Worship is never scored."),
        _l("My hope and what matters to me"),
        (
            _l("Sees no hope or meaning at present; speaks of giving up."),
            _l("Rarely feels hope; lets others decide what is right."),
            _l("Has some hope and can say what matters."),
            _l("Acts on own values and looks ahead with hope."),
            _l("Lives by own values, respects those of others, gives hope to them."),
        ),
        (
            _l("I see no hope now."),
            _l("I rarely feel hope."),
            _l("I know a few things that matter to me."),
            _l("I know what matters to me and live by it."),
            _l("I have hope and can share it with others."),
        ),
    ),
    Domain.SOCIAL: Anchors(
        _l("Family, friends and others"),
        _l("Family, trusted adults, friends, living together in the house."),
        _l("The people around me"),
        (
            _l("Alone or in unsafe company; has no adult to trust."),
            _l("Few contacts; often quarrels or withdraws."),
            _l("Gets on with some; trusts at least one adult."),
            _l("Gets on with most; keeps contact with family or another safe adult."),
            _l("Settles quarrels, keeps safe friendships, helps others to belong."),
        ),
        (
            _l("I feel alone."),
            _l("I trust hardly anybody."),
            _l("There is somebody whom I trust."),
            _l("I get on well with most people."),
            _l("I have good people around me and help others."),
        ),
    ),
    Domain.EDUCATION: Anchors(
        _l("School and learning"),
        _l("Reading, counting, taking part in school or Paket, plans for learning."),
        _l("My learning"),
        (
            _l("Takes no part in learning yet; reading or counting is very hard."),
            _l("Begins to learn and often breaks off."),
            _l("Learns regularly with help."),
            _l("Learns on own initiative and reaches the goals of the term."),
            _l("Is ready for the examination or has finished a level; plans further."),
        ),
        (
            _l("Learning is very hard for me now."),
            _l("I begin, but often I stop."),
            _l("I learn when somebody helps me."),
            _l("I learn on my own too."),
            _l("I am ready for the next level."),
        ),
    ),
    Domain.VOCATIONAL: Anchors(
        _l("Trade: interest and aptitude"),
        _l("Interest in a trade, skill of hand, care and safety at work."),
        _l("My trade"),
        (
            _l("Knows no trade yet and cannot say what is interesting."),
            _l("Has tried something; the interest often changes."),
            _l("Has a clear interest and learns the basics with guidance."),
            _l("Works carefully and safely with little guidance."),
            _l("Works alone to a customer's satisfaction; ready for internship or work."),
        ),
        (
            _l("I do not know yet what I like."),
            _l("I have tried a few things."),
            _l("I know what I like and am learning it."),
            _l("I can do it with a little help."),
            _l("I can work on my own."),
        ),
    ),
    Domain.INDEPENDENCE: Anchors(
        _l("Independence"),
        _l("Getting up, cleaning, money, papers, appointments, deciding."),
        _l("Doing things myself"),
        (
            _l("Needs guidance through the whole day."),
            _l("Needs reminding of getting up, cleaning and being on time."),
            _l("Manages the day; needs help with money, papers and appointments."),
            _l("Manages the day, money and appointments with little help."),
            _l("Could live alone: home, money, papers and work."),
        ),
        (
            _l("I need help with almost everything."),
            _l("I need somebody to remind me."),
            _l("I manage my day."),
            _l("I manage my day, my money and my appointments."),
            _l("I could live on my own."),
        ),
    ),
}
