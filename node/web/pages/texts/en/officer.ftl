# The privacy officer's pages. Each text stands in the folder nl too.

privacy-officer-menu = outstanding budgets incidents revocations processing
desk-menu-outstanding = To erase
desk-menu-budgets = Budgets
desk-menu-incidents = Incident
desk-menu-revocations = End consents
desk-menu-processing = Processing

home-privacy-officer = Watching over people's data
home-outstanding = who has not confirmed yet that something is erased
home-budgets = how much each partner heard of your people today
home-incidents = which copies a partner got within some time
home-revocations = for a worker, or since a text was wrong
home-processing = what is done with data, why, and for how long

aim-find-work = vacancies
aim-find-training = trainings
aim-match-vacancy = people who fit a vacancy
aim-be-contacted = making contact about work or training
aim-training-advice = advising people about training
aim-application = applications
aim-regional-statistics = figures of the region

to-erase-title = Still to be erased
to-erase-lead = Whoever stops sharing or corrects something may expect copies to be erased. Here you see who has not confirmed that yet.
to-erase-partners = At other partners
to-erase-partners-lead = Ring that partner's administrator after { $late } hours. After { $overdue } hours this node gives it nothing about people. The worker sees that it is open, too.
to-erase-since = Since
to-erase-count = Number
to-erase-waiting = waits
to-erase-late = late
to-erase-overdue = overdue
to-erase-left = has left the register
to-erase-no-partners = All partners have confirmed that they erased.
to-erase-systems = In our own systems
to-erase-systems-lead = These are data of workers of other partners. Have them erased in the system, in mail and in files, and confirm it with polder people erased.
to-erase-system = System
to-erase-no-systems = Our systems have nothing left to erase.

budgets-title = Each partner's budget of the day
budgets-lead = A partner may see at most { $workers } different workers a day, and ask at most { $narrow } times so precisely that fewer than { $below } people are left. The day begins at midnight UTC.
budgets-plot = Different workers, today
budgets-day = Day
budgets-today = today
budgets-workers = Workers
budgets-narrow = Narrow questions
budgets-spent = spent
budgets-nearly = nearly spent
budgets-then = When a budget is spent the partner gets no answer about people until tomorrow. If that happens often, ask the partner why. Your administrator can change the limits.
budgets-none = No partner heard anything of your people yesterday and today.

incidents-title = An incident at a partner
incidents-lead = Did something go wrong with data at a partner? Pick the partner and the time. You see which copies of your workers that partner got then, and under which consent. No names: workers stand there by the handle under which that partner knows them.
incidents-partner = Partner
incidents-from = From
incidents-until = Until
incidents-look = Look up
incidents-wrong-partner = Pick a partner from the list.
incidents-wrong-moment = Fill in a day and a time for both.
incidents-wrong-order = The end has to be after the beginning.
incidents-wrong-long = Pick 31 days at most. Look up a longer time in parts.
incidents-wrong-many = So much was disclosed in that time that it cannot be looked up at once. Pick a shorter time.
incidents-found = Copies: { $copies }. Workers: { $workers }. Consents: { $consents }.
incidents-cut = Only the first { $count } are in it: pick a shorter time for the rest.
incidents-held = The partner may still have
incidents-over = Time over, not confirmed as erased
incidents-erased = Erased, says the partner
incidents-csv = Download as a table (CSV)
incidents-json = Download as JSON
incidents-then = Do people have to hear of it? Each worker sees at the portal which partner got what. Consents can be ended under “End consents”.
incidents-handle = Key of the worker
incidents-at = Disclosed
incidents-fields = What
incidents-applications = Applications: { $count }.
incidents-application = Application
incidents-under = Under what
incidents-this-page = Only what you tick on this page counts.
incidents-consent = Consent
incidents-is-erased = erased
incidents-is-held = may be held
incidents-is-over = time over
incidents-nothing = This partner got nothing about your workers in that time.

revocations-title = End consents
revocations-lead = You can end consents and applications of your workers where there is a ground. The worker sees it, with the ground. First you see what exactly happens; then you decide.
revocations-whose = Which consents?
revocations-by-worker = All of one worker
revocations-key = Key of the profile
revocations-by-notice = All that were given on one text, exactly as it stood
revocations-notice = Hash of that text (sha256, 64 characters)
revocations-why = Why?
revocations-ground-worker-asked = the worker asked for it, such as by letter
revocations-ground-purpose-ended = we no longer do what it was given for
revocations-ground-recipient-unfit = the recipient does not keep to what was agreed
revocations-ground-notice-wrong = the text that the worker read was wrong
revocations-ground-not-free = it was not freely given
revocations-ground-another-person = somebody else than the worker gave it
revocations-ground-authority = an authority or a court decided it
revocations-reaches-back = (reaches back: the consent never held then)
revocations-look = See what happens
revocations-wrong-ground = Pick a ground.
revocations-wrong-notice = The hash of a text is 64 characters long: digits and the letters a to f.
revocations-no-notice = We do not know that text: nothing was ever given on it here.
revocations-wrong-key = Fill in the key of the profile, as your system has it.
revocations-no-worker = There is no profile with that key here.
revocations-sure = This happens
revocations-of-worker = All consents and applications of the worker with profile { $key }.
revocations-of-notice = All consents on the text { $notice }.
revocations-ground-is = Ground: { $ground }.
revocations-in-force =
    { $count ->
        [0] None of them is in force now.
        [one] One of them is in force now.
       *[other] { $count } of them are in force now.
    }
revocations-erases =
    { $count ->
        [0] Nobody has to erase anything.
        [one] One recipient has to erase what it got.
       *[other] { $count } recipients have to erase what they got.
    }
revocations-cannot-undo = You cannot undo this. Only the worker can give consent again.
revocations-end =
    { $count ->
        [one] End this consent
       *[other] End these { $count } consents
    }
revocations-end-back = Note this
revocations-back = Back, do nothing
revocations-changed = Something has changed meanwhile. Nothing has ended. Look again.
revocations-done = This was done:
revocations-done-then = Who has yet to erase, you see under:
revocations-another = End something else

processing-title = Processing
processing-lead = What { $partner } does with people's data, as far as this node knows. You can use this for your record of processing activities (GDPR, article 30).
processing-controller = Controller
processing-contact = Contact about data
processing-no-contact = not set: put an address under contact
processing-profiles = keeping profiles
processing-in-use = in use
processing-not-in-use = not in use
processing-no-basis = Legal basis not set: see legal_basis in the configuration.
processing-basis-consent = Legal basis: consent.
processing-basis-contract-request = Legal basis: at the worker's request, before a contract.
processing-basis-contract = Legal basis: a contract with the worker.
processing-basis-legal-obligation = Legal basis: a legal obligation.
processing-basis-public-task = Legal basis: a task in the public interest.
processing-basis-legitimate-interest = Legal basis: a legitimate interest.
processing-lease =
    { $hours ->
        [168] A recipient may use a copy for 7 days without asking again.
       *[other] A recipient may use a copy for { $hours } hours without asking again.
    }
processing-fields = What another partner sees at most ({ $count } fields)
processing-kept = How long it is kept
processing-kept-consent = A consent counts for at most
processing-kept-ledger = Who saw what
processing-kept-remembered = That something ended and was erased
processing-kept-processing = Records of the processing log
processing-kept-keys = Whom such a record is about
processing-days = { $days } days

incidents-purpose = What for
incidents-all-purposes = Everything
incidents-wrong-purpose = Pick a purpose from the list.
incidents-rows = Copies { $first } to { $last } of { $all }
incidents-next = Next copies
incidents-end-why = Do you want to end consents or applications? Tick them. First you see what happens. For what is in force no more only a ground that reaches back is left.
incidents-end = Go on with those ticked
incidents-end-all = All towards this partner

revocations-by-partner = All towards one partner
revocations-by-incident = Only some consents or applications? Tick them beside the copies that a partner got:
revocations-pick-profile = Pick from the profiles of this node
revocations-pick-notice = Pick from the texts that workers read
revocations-wrong-partner = Pick a partner from the list.
revocations-wrong-picked = Tick one or more consents or applications, 200 at most.
revocations-of-partner = All consents that workers of this node gave towards { $name }, and their applications there.
revocations-of-picked =
    { $count ->
        [one] What you ticked at an incident: one consent or application.
       *[other] What you ticked at an incident: { $count } consents or applications.
    }

pick-profiles = Pick a profile
pick-profiles-lead = Profiles of workers at this node, by their key. There are no names here. The worker sees their own key at My data; the system that you work with knows too whose key it is.
pick-profiles-none = There are no profiles here yet.
pick-notices = Pick a text
pick-notices-lead = Versions of the text on which workers shared something here or applied, by language, those with most consents first. To whom, and for which vacancy, is not said.
pick-notices-none = No consent was given here yet.
pick-key = Key of the profile
pick-one = Choose profile { $key }
pick-text =
    { $count ->
        [one] One consent on this text
       *[other] { $count } consents on this text
    }
pick-version = Version { $version }, in { $language }: { $aim }
pick-in-nl = Dutch
pick-in-en = English
pick-this-text = Pick this text

budgets-more =
    { $count ->
        [one] And one row more, of who saw less.
       *[other] And { $count } rows more, of who saw less.
    }

revocations-end-applications =
    { $count ->
        [one] Stop this application
       *[other] Stop these { $count } applications
    }
revocations-end-both = End all of this
incidents-erased-since =
    { $count ->
        [one] One worker is missing: they had everything erased later, and this partner had got something on or around these days. What, and about whom, this node does not know any more.
       *[other] { $count } workers are missing: they had everything erased later, and this partner had got something on or around these days. What, and about whom, this node does not know any more.
    }

revocations-by-text = All that were given on one version of the text
revocations-of-text = All that workers gave on this text:
revocations-wrong-text = Pick a version of the text from the list.
pick-text-applications =
    { $count ->
        [one] One application on this text
       *[other] { $count } applications on this text
    }
incidents-to-erase = Is to be erased by the partner, not confirmed yet
incidents-is-to-erase = to be erased
incidents-ended = (in force no more)
revocations-consents-will =
    { $count ->
        [0] No consent ends.
        [one] One consent ends.
       *[other] { $count } consents end.
    }
revocations-consents-done =
    { $count ->
        [0] No consent has ended.
        [one] One consent has ended.
       *[other] { $count } consents have ended.
    }
revocations-consents-back-will =
    { $count ->
        [0] Nothing changes.
        [one] Of one consent it is put down that it never held.
       *[other] Of { $count } consents it is put down that they never held.
    }
revocations-consents-back-done =
    { $count ->
        [0] Nothing has changed.
        [one] Of one consent it has been put down that it never held.
       *[other] Of { $count } consents it has been put down that they never held.
    }
revocations-applications-will =
    { $count ->
        [one] One application is stopped.
       *[other] { $count } applications are stopped.
    }
revocations-applications-done =
    { $count ->
        [one] One application has been stopped.
       *[other] { $count } applications have been stopped.
    }
revocations-applications-back-will =
    { $count ->
        [one] Of one application it is put down that it never held.
       *[other] Of { $count } applications it is put down that they never held.
    }
revocations-applications-back-done =
    { $count ->
        [one] Of one application it has been put down that it never held.
       *[other] Of { $count } applications it has been put down that they never held.
    }
processing-not-offered = This version of Polder does not offer this yet. Nobody can give consent for it, and nothing goes to others for it.
