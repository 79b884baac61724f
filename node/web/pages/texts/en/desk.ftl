# The pages for staff.

desk-menu = search applications asked offers erasures
desk-menu-home = Start
desk-menu-search = Search
desk-menu-asked = Contact
desk-menu-offers = Offers

desk-welcome-title = The desk
desk-welcome-lead = Here you ask all partners at once what work, training and people there are. These pages are for staff of { $partner }.
desk-welcome-nowhere = Staff of { $partner } cannot log in yet.
desk-welcome-worker = Are you looking for work or training yourself? Then go here:

role-desk = Search at all partners, ask people for contact, and keep our offers
role-privacy-officer = Watch over people's data
role-administrator = Look after the node

desk-home-roles = What you can do here:
desk-home-search = What are you looking for?

search-kind-vacancy = Search vacancies
search-kind-training = Search training
search-kind-skill-offer = Search people
search-about-vacancy = at all employers of the region, for somebody who looks for work
search-about-training = at all schools of the region, for somebody who wants to learn
search-about-skill-offer = for a vacancy or a training of your own organisation
search-tab-vacancy = Vacancies
search-tab-training = Training
search-tab-skill-offer = People

desk-footer = These pages are of { $partner }, for its staff.

search-people-rule = You see only people who share this with your organisation themselves, and only what they share. You see no names. Every answer is written down: the worker sees that you looked, and what for.
search-people-rule-vacancy = You see only people who let your organisation see whether a vacancy suits them, and only what they share. You see no names. Every answer is written down: the worker sees that you looked, and for which vacancy.
search-people-rule-training = You see only people who want advice about training from your organisation, and only what they share for that. You see no names. Every answer is written down: the worker sees that you looked, and for which training.
search-for-own = What do you search people for?
search-no-own = Your organisation has no vacancy or training that is open now. Without one you cannot search people.
search-occupations = Occupations
search-skills = Skills
search-find-occupation = Find an occupation
search-find-skill = Find a skill
search-from = From which place or postcode
search-minutes = Travel time in minutes, at most
search-mode = How one travels
search-text = Words in the text
search-hours-min = Hours a week, at least
search-hours-max = Hours a week, at most
search-limit = How many results
search-ask = Ask all partners
search-all-hint = Fill in nothing to ask for everything.
search-all = You filled in nothing: so you asked for everything.

search-not-asked = Nothing was asked yet. Correct this first:
search-wrong = This question cannot be asked like this.
search-wrong-travel = You gave minutes, but no place.
search-wrong-place = We do not know that place or postcode.
search-wrong-place-near = We do not know that place or postcode. Do you mean: { $near }?
search-wrong-minutes = With a place, say how many minutes of travel at most: 1 to 240.
search-wrong-hours = Hours a week are whole numbers from 0 to 80, and the least is not more than the most.
search-wrong-text = Write a few words that may be in the text, 200 characters at most.
search-wrong-about = Choose a vacancy or a training of your organisation that is still open.
search-wrong-skills = One of these skills is not known any more.
search-wrong-occupations = One of these occupations is not known any more.
search-wrong-skills-pick = Choose one of these skills first, or empty the field.
search-wrong-skills-none = We do not know this skill. Try another word, or empty the field.
search-wrong-occupations-pick = Choose one of these occupations first, or empty the field.
search-wrong-occupations-none = We do not know this occupation. Try another word, or empty the field.
search-wrong-purpose = Your organisation does not search people for this purpose. Its administrator can set that.

search-contact = Ask for contact
search-own = This worker is of your own organisation.

asked-title = Requests for contact
asked-told = Asked. The worker decides; you see here whether there may be contact. If you asked this in the last 30 days already, the worker does not get the question again.
asked-rule = You see only whether contact is allowed now. Why not, you do not see: a worker who says no and one who has not answered look the same.
asked-none = You have asked nobody for contact yet.
asked-item = Asked on { $day }
asked-known-by = Known to you as
asked-state-given = allowed now
asked-state-not-given = not allowed now
asked-state-asked = asked for another organisation
asked-state-unknown = we do not know now: that partner does not answer
asked-not-known = Not every partner answers now.
asked-again = Look again
asked-for-own = For which vacancy or training?
asked-show = Show how to get in touch

reached-title = How to get in touch
reached-rule = The worker sees that you looked at this. Use it only to get in touch, up to and including { $day }. If the worker stops, you must also erase what you wrote down or saved.

problem-cannot-ask = Your organisation cannot ask this worker this. Nothing was asked.
problem-partner-silent = The other partner does not answer now. Try again later.
problem-no-contact = This worker gives your organisation no contact details now.
problem-another-vacancy = You asked this worker for another vacancy or training. You can get in touch for that one alone. Nothing was looked at.
problem-no-vacancy = Choose a vacancy or a training of your organisation that is still open.

search-results = Results
search-busy = The partners are answering…
search-found =
    { $count ->
        [0] Nothing found.
        [one] One result.
       *[other] { $count } results.
    } { $partners ->
        [one] One partner answered.
       *[other] { $partners } partners answered.
    }
search-more = There is more. Choose a higher number under “How many results”, or ask more precisely.
search-failed = The question was cut short. Ask again.
search-answered = { $partner }: { $hits }
search-missing = { $partner } { $why }
search-incomplete = These partners are missing. So there may be more:
search-who-answered = Who answered
search-untitled = Without a title
search-reasons = Why this fits
search-details = All about this result
search-score = points, of at most 1000:
search-at = through

fact-skills-vacancy = Asks
fact-skills-training = Teaches
fact-skills-skill-offer = Can
fact-wanted = Wants to work as
fact-held = Worked as

reason-skill = skill { $skill }
reason-skill-broader = skill { $skill }, broader: { $matched }
reason-skill-narrower = skill { $skill }, narrower: { $matched }
reason-important = important
reason-optional = optional
reason-occupation = occupation { $occupation }
reason-text = word “{ $term }”
reason-remote = work from anywhere
reason-minutes =
    { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
reason-kilometres = { $kilometres } km
reason-reach = within reach
reason-hours = the hours fit: { $hours }
reason-hours-fit = the hours fit
reason-fresh =
    { $days ->
        [0] changed today
        [one] changed yesterday
       *[other] changed { $days } days ago
    }

missing-unreachable = cannot be reached
missing-slow = did not answer in time
missing-refused = refused the question
missing-overloaded = is too busy
missing-untrustworthy = sent something that does not hold
missing-ranking-unsupported = cannot compute this ranking
missing-clock-skew = has another time on its clock
missing-not-a-member = does not know us as a member
missing-suspended = is suspended by the register
missing-not-asked = was not asked: too many partners at once
missing-no-disclosure = answers nothing about people at the moment
missing-budget-spent = has told us as much of its people today as it may
missing-changing = changed its offers too fast to be read

offers-title = Our offers
offers-told-deleted = Deleted. Nobody finds it any more.
offers-new-vacancy = New vacancy
offers-new-training = New training
offers-edit-vacancy = Change vacancy
offers-edit-training = Change training
offers-total =
    { $count ->
        [0] There is nothing yet.
        [one] There is one.
       *[other] There are { $count }.
    }
offers-name = Title
offers-key = Key
offers-key-label = Key of your own (may be left empty)
offers-changed = Changed
offers-delete = Delete
offers-delete-of = Delete { $title }
offers-delete-why = Nobody finds this offer with key { $key } any more then. You cannot search people for it either. It cannot be taken back.
offers-first = To the beginning
offers-next = Next
offers-not-kept = Nothing was kept yet. Correct this first:
offers-keep = Save
offers-back = To the list
offers-rest = What this form does not show stays as it is.
offers-part-title = Title
offers-part-description = Description
offers-part-weeks = Weeks that it takes
offers-part-contracts = Kind of contract
offers-part-closing = Up to and including which day it is open
offers-whom-vacancy = Employer
offers-whom-training = School
offers-skills-vacancy = Skills that are needed
offers-skills-training = Skills that are learnt
offers-level-vacancy = Education that is needed at least
offers-level-training = Level of the training
offers-postcode = Postcode
offers-place = Place
offers-url = Web address
offers-email = Email address
problem-offer-key = A key is 1 to 100 characters: letters, digits and . _ ~ -

changes-title = History
changes-lead = What was done to your offers, newest first.
changes-none = Nothing was done yet.
changes-when = When
changes-what = What
changes-made-vacancy =
    { $version ->
        [1] new vacancy
       *[other] vacancy changed, now version { $version }
    }
changes-made-training =
    { $version ->
        [1] new training
       *[other] training changed, now version { $version }
    }
changes-deleted-vacancy = vacancy deleted
changes-deleted-training = training deleted

import-title = Enter many at once
import-heading-vacancy = Enter vacancies
import-heading-training = Enter training
import-lines = Or paste your list here
import-try = Check without keeping
import-store =
    { $count ->
        [one] Save the good line
       *[other] Save the { $count } good lines
    }
import-tried =
    { $count ->
        [0] Nothing was kept, and no line is good.
        [one] Nothing was kept yet. One line is good.
       *[other] Nothing was kept yet. { $count } lines are good.
    }
import-stored =
    { $count ->
        [0] Nothing was kept.
        [one] One line was kept.
       *[other] { $count } lines were kept.
    }
import-refused =
    { $count ->
        [0] No line was refused.
        [one] One line was refused:
       *[other] { $count } lines were refused:
    }
import-too-many = Those are too many lines: { $most } at once at most. Enter the rest apart, or have your system do it.
import-line = Line
import-wrong = What is wrong
import-full = No further offer fits.

import-more =
    { $count ->
        [one] One more line is refused. Correct these first.
       *[other] { $count } more lines are refused. Correct these first.
    }

asked-about-vacancy = For the vacancy { $title }
asked-about-training = For the training { $title }
search-more-most = There is more. Ask more precisely to see that too.
asked-fields = Asked for:
asked-again-rule = When you ask somebody again within 30 days, the worker does not see it.
