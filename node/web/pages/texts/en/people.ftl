# Searching at the desk: people for a vacancy, and what a list of results says.

people-pick = Pick a vacancy
people-pick-why = We then fill in what this vacancy asks. You can still change it. The worker sees for which vacancy you looked.
people-pick-more = Is the vacancy not here? Pick it in the list:
people-go-on = Go on
people-for = You search people for:
people-only = This is the only vacancy of your organisation that is open.
people-other = Another vacancy
people-taken-over = Below is what this vacancy asks: skills, place and hours. You can change it.
people-takes-nothing = This vacancy names no skills, place or hours. Fill in yourself what you look for, or complete the vacancy.
people-take-over = Take over again what this vacancy asks
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
reaching-why = The worker sees that you look at how to reach them, and for which vacancy.
reaching-closed = The vacancy that you asked for ({ $title }) is no longer open. You cannot get in touch for it any more. Ask the worker again, for a vacancy that is open:
reaching-show = Show how to reach them
reaching-no-vacancy = You get in touch for a vacancy that is open. Your organisation has none now.
