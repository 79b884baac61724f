# Vacancies and trainings that fit.

work-tab = Work
training-tab = Training
find-title-vacancy = Work that suits you
find-title-training = Training that suits you
find-lead-vacancy =
    { $count ->
        [one] We asked one organisation. What suits you best comes first.
       *[other] We asked { $count } organisations. What suits you best comes first.
    }
find-lead-training =
    { $count ->
        [one] We asked one organisation. You see what you can learn for the work that you want.
       *[other] We asked { $count } organisations. You see what you can learn for the work that you want.
    }
find-asked = What went along with the question?
find-asked-why = This of your profile went along, without a name. The organisations do not know who is looking, and do not keep the question.
find-asked-all = All that was asked for you
find-words-vacancy = Search by a word in Dutch, such as lasser or kinderopvang
find-words-training = Search by a word in Dutch, such as lassen or Excel
find-look = Search
find-asked-words = the words that you typed
find-by-words = You searched for “{ $words }”. Your occupations and skills did not count for that.
find-by-profile = Search by my profile again
find-place-unknown = We do not know your postcode here. So we did not look at the distance. Put a place nearby into your profile; then we do look at it.
find-missing =
    { $count ->
        [one] One organisation gave no answer
       *[other] { $count } organisations gave no answer
    }
find-through = through { $name }
find-hours = Hours a week:
find-price = Costs: { $price }
find-price-noted = Costs: { $price } ({ $note })
find-start = Begins on
find-closes-vacancy = You can respond until
find-closes-training = You can enrol until
find-why = Why this fits
find-more-of = More about { $title }
find-link = To the site of { $name }
find-host = There is more at { $host }. The register does not name that address for this organisation; so it is no link.
find-nothing-vacancy = There is no vacancy that fits now.
find-nothing-vacancy-words = There is no vacancy now that fits these words. Try other words.
find-nothing-training = There is no training that fits now. Put in your profile which occupation you want; then we see what you can still learn.
find-nothing-training-wanted = There is no training now that fits the occupation that you want and what you can still learn. Look again later, or change your profile.
find-nothing-training-words = There is no training now that fits these words. Try other words.
find-profile = To my profile
find-more-there-are = There is more than you see here. What fits best stands at the top.
find-further = Show the next 10
find-back = Back to the 10 before
find-part = You now see what fits best after that, from number { $first }.

why-occupations-vacancy = The occupation that you want:
why-occupations-training = For the occupation that you want:
why-alike-vacancy = Like the occupation that you want:
why-alike-training = For an occupation like the one you want:
why-skills-vacancy = You can do this:
why-skills-training = You learn this:
why-near-vacancy = This is like what you can do:
why-near-training = You learn something like this:
why-remote-vacancy = You can do this work from home
why-remote-training = You can follow this online
why-minutes =
    { $minutes ->
        [0] Less than a minute
        [one] One minute
       *[other] { $minutes } minutes
    }
why-kilometres = { $kilometres } kilometres
why-hours = The hours fit
why-days =
    { $days ->
        [0] Posted or changed today
        [one] Posted or changed yesterday
       *[other] Posted or changed { $days } days ago
    }


field-motivation = motivation
offer-motivation = Motivation

applications-tab = My applications
find-apply = Apply
find-apply-to = Apply to { $title } with { $name }

apply-title = Apply
apply-lead = Only { $name } sees what you choose here. Nobody else.
apply-what = What do you send along?
apply-what-why = Nothing is compulsory, and nothing is ticked yet. Do choose how they can reach you; otherwise they cannot answer.
apply-more = Is something not here? Put it in your profile first.
apply-motivation = Why does this work suit you?
apply-motivation-hint = You need not. At most { $longest } characters. Write nothing of your health or belief, and no citizen service number or address.
apply-look = See what they will see
apply-nothing-yet = You send nothing yet. You first see exactly what they will see.
apply-wrong-long = Your text is too long: at most { $longest } characters. Nothing was sent.
apply-wrong-personal = Your text holds something that may not be in it: a citizen service number, something of health or belief, or an address or telephone number. How they reach you, you choose below. Nothing was sent.
apply-wrong-nothing = Choose something of your profile, or write something. Nothing was sent.

applying-title = Is your application right?
applying-preview = { $name } sees this
applying-no = No, do not send
applying-yes = Yes, send
applying-change = Change something

applications-title = My applications
applications-sent = Your application is on its way. Here you see what becomes of it.
applications-none = You have not applied yet.
applications-find = Look for work
applications-at = Sent on { $moment }
applications-what = What you sent
applications-withdraw = Stop
applications-withdraw-of = Stop the application to { $title }

application-waiting = On its way
application-received = Received
application-closed = Dealt with
application-refused = The vacancy is there no more
application-withdrawn = Stopped by you
find-also = (also: { $name })
find-now = Search now
find-again = Search again
find-busy = We are asking everybody …
find-results = What fits
find-incomplete = Not everybody answered:
find-failed = Searching did not succeed now. Try again later.
find-free = Free

application-over = Over
find-applied = You applied to this on { $day }
apply-lead-through = Only { $by } sees what you choose here, through { $name }, who posted the vacancy. Nobody else.

why-times = The parts of the week suit your week
why-pay = The pay suits what you want
but-times = Note: there is work on { $parts } too. That does not fit your week.
but-pay = Note: the pay is lower than you want.
but-unseen = We did not look here at: { $what }.
find-ways-vacancy = You can also apply like this
find-ways-training = How to enrol
find-asked-of =
    { $count ->
        [one] We asked one organisation.
       *[other] We asked { $count } organisations.
    }
find-widen = One wish may leave much out. See what there is when we do not look at:
find-widen-without = Do not look at: { $what }
find-without = We did not look here at: { $what }.
find-without-not = Search again with all of my profile
applications-withdrawn = Stopped. The organisation has to erase what it got for this application. Your other applications go on.
applications-stop = If you stop an application, the organisation has to erase what it got for it. Your other applications go on.
applications-until = They may use this until { $moment }. After that they are to erase it, also where the vacancy is open still; you can apply again then.
week-more = { $before }, { $time }
week-last = { $before } and { $time }
find-to-map = To the map
but-lacks = Asked, and not in your profile: { $what }.
lacks-licence = driving licence { $what }
lacks-education = education { $what }
find-of = (needed by: { $name })
