# Searching at the desk: people for a vacancy, and what a list of results says.

people-pick = Pick from the list
people-pick-why = We then fill in what goes with it. You can still change that. The worker sees what you looked for.
people-pick-more-vacancy = Is the vacancy not here? Pick it in the list:
people-pick-more-training = Is the training not here? Pick it in the list:
people-go-on = Go on
people-for-vacancy = You search people for:
people-for-training = You search people for the training:
people-only-vacancy = This is the only vacancy of your organisation that is open.
people-only-training = This is the only training of your organisation that is open.
people-other = Another vacancy or training
people-taken-over-vacancy = Below is what this vacancy asks: skills, place and hours. You can change it.
people-taken-over-training = Below is what goes with this training: what one must know already, the occupations for which it prepares, and the place. You can change it.
people-takes-nothing-vacancy = This vacancy names no skills, place or hours. Fill in yourself what you look for, or complete the vacancy.
people-takes-nothing-training = This training does not say what one must know already, and names no occupations, and no one place. Fill in yourself what you look for, or complete the training.
people-take-over-vacancy = Take over again what this vacancy asks
people-take-over-training = Take over again what goes with this training
people-from-why = Whoever shows you no postcode is left out where you give a place. Empty the place and the minutes to see them too.

search-part = You see { $first } to { $last } of { $all }.
search-part-asks = For the next ones we ask all partners again. If something has changed meanwhile, the order may differ.
search-part-asks-people = For the next ones we ask all partners again. Workers then see that you looked once more.
search-part-next =
    { $count ->
        [one] Next
       *[other] Next { $count }
    }
search-part-first = Back to the beginning
search-missing-more =
    { $count ->
        [one] and one partner more
       *[other] and { $count } partners more
    }
reason-others =
    { $count ->
        [one] and one reason more
       *[other] and { $count } reasons more
    }
fact-can = Can: { $what }
fact-more = and { $count } more
fact-pay = Pay
fact-start = Begins on
fact-hours = { $hours } hours a week
fact-at-least = from { $amount }
fact-at-most = up to { $amount }
fact-somebody-wants = Looks for work as { $what }
fact-somebody-was = Worked as { $what }
fact-somebody-can = Can: { $what }

reaching-title = Get in touch
reaching-why = The worker sees that you look at how to reach them, and what for.
reaching-closed-vacancy = The vacancy that you asked for ({ $title }) is no longer open. You cannot get in touch for it any more. Ask the worker again, for a vacancy that is open:
reaching-closed-training = The training that you asked for ({ $title }) is no longer open. You cannot get in touch for it any more. Ask the worker again, for a training that is open:
reaching-show = Show how to reach them
reaching-no-own = You get in touch for a vacancy or a training that is open. Your organisation has none now.

search-asked = Asked: { $what }
search-more-criteria = More requirements
search-silent-vacancy = A vacancy that says nothing of this stays in the list. You cannot search by parts of the week: they stand with each result.
search-silent-training = A training that says nothing of this stays in the list.
search-silent-skill-offer = Whoever shows you nothing of this stays in the list. You cannot search by parts of the week: they stand with each result.
search-level-max-vacancy = Education that is asked, at most
search-level-min-training = Level, at least
search-level-max-training = Level, at most
search-level-min-skill-offer = Education, at least
search-sector = Sector
search-start-from-vacancy = First working day, at the earliest
search-start-until-vacancy = First working day, at the latest
search-start-from-training = Begins at the earliest on
search-start-until-training = Begins at the latest on
search-start-until-skill-offer = Can begin at the latest on
search-contracts-vacancy = Kind of contract: one of these
search-contracts-skill-offer = Kind of contract that somebody wants: one of these
search-licences = Driving licence that somebody has
search-licences-hint = Tick all that somebody has. Vacancies that ask another licence are left out then.
search-no-licence = has no driving licence
search-languages = Languages that somebody speaks
search-languages-hint = Fill in every language. Vacancies that ask another language, or a higher level, are left out then.
search-sharing = Only employers that do not mind when somebody works elsewhere too
search-wrong-level = Pick a level from the list. The lowest level is not above the highest.
search-wrong-start = Write a day as year, month and day, such as 2027-01-31. The first day is not after the last.
asks-level-max-vacancy = education at most { $what }
asks-level-min-training = level at least { $what }
asks-level-max-training = level at most { $what }
asks-level-min-skill-offer = education at least { $what }
asks-contracts = contract: { $what }
asks-sector = sector: { $what }
asks-start-from-vacancy = begins from { $what }
asks-start-until-vacancy = begins by { $what }
asks-start-from-training = begins from { $what }
asks-start-until-training = begins by { $what }
asks-start-until-skill-offer = can begin by { $what }
asks-licences = has driving licence { $what }
asks-languages = speaks { $what }
search-ways-vacancy = How to apply
search-ways-training = How to enrol
search-ways-skill-offer = Contact

fact-instructions = What to send or bring
fact-weeks = week { $from } to { $to }
fact-season = Season
fact-percent = { $share } percent
fact-remote = Remotely
fact-may = that is fine
fact-sharing = Working for another employer too
fact-positions = Number of people
fact-sector = Sector
fact-closes = You can respond until
fact-required = What one must know already
fact-level = Level
fact-duration = Duration
fact-week-count =
    { $count ->
        [one] 1 week
       *[other] { $count } weeks
    }
fact-load = Study load
load-hours = { $count } hours
load-sbu = { $count } study load hours
load-ects = { $count } ECTS credits
fact-editions = When and where
fact-price = Costs
fact-funding = Can be paid with
funding-slim = a SLIM grant
funding-sectoral-fund = a fund of the sector
funding-student-finance = student finance
funding-lifelong-learning-credit = lifelong learning credit
funding-municipal = money of the municipality
funding-employer = money of the employer
funding-none = one's own money
fact-next = What one can learn next
asked-about-none = The worker does not know what you ask for. The node of the partner cannot show it yet, or the request named no vacancy or training.
search-wrong-licences = You ticked a driving licence, and “has no driving licence” as well. Choose one of the two.
people-anywhere-why = You searched with a place. Whoever shows you no postcode is left out then, even where all else fits.
people-anywhere = Search without a place
person-numbered = Worker { $number }
search-own-offer = Of your own organisation.
search-counts = Place, travel time, hours and “More requirements” leave out what does not fit. Of the occupations, skills and words that you ask for, at least one is needed: whatever has more of them stands higher.
search-elsewhere = This question was asked before you logged in, or by somebody else. What was asked is known in that session alone. Ask it again.
search-to-map = To the map
search-to-list = Back to the list
