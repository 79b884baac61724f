# The pages for workers.

portal-menu = home profile work share seen data
portal-menu-home = Start
portal-menu-profile = My profile
portal-menu-work = Work and training
portal-menu-share = Share
portal-menu-seen = Who saw what

welcome-title = You decide who sees what of you
welcome-lead = Here you make a profile for work and training near home. { $partner } keeps it for you. Nobody else sees it until you say so.
welcome-default = To begin with you share nothing.
welcome-decide = For each organisation you choose what it sees, what for and until when.
welcome-stop = You stop with one click, at any time, without a reason. Whoever received something must then erase it.
welcome-see = You see who saw what, and when.
welcome-left = You are logged out.
welcome-nowhere = At { $partner } you cannot log in yet.

home-title = Start
home-hello = Hello { $name }
home-begin = Begin with your profile
home-begin-why = Without a profile there is nothing to share yet. It takes some minutes, and you can always change it.
home-begin-now = Make my profile
home-asked =
    { $count ->
        [one] One question waits for your answer
       *[other] { $count } questions wait for your answer
    }
home-look = Look at the question
home-sees =
    { $count ->
        [0] Nobody sees anything of you
        [one] One organisation may see something of you
       *[other] { $count } organisations may see something of you
    }
home-nobody = You share nothing now.
home-withdraw-why = When you press Stop, the organisation no longer sees this from that moment on, and must erase what it got of it.
home-what =
    { $count ->
        [one] One detail
       *[other] { $count } details
    }
home-owing =
    { $count ->
        [one] One organisation has not confirmed yet that it erased what it received of you.
       *[other] { $count } organisations have not confirmed yet that they erased what they received of you.
    }
home-share = Share something

withdraw = Stop
withdraw-of = Stop with { $name }: { $what }
withdraw-all = Stop everything

told-withdrawn = Stopped. From now on nothing goes to this organisation for this. What it received for it, it must erase.
told-withdrawn-all = Everything has stopped. From now on nothing of you goes to any organisation. Whoever received something of you must erase it.
told-shared = Shared. You can stop here at any time.
told-not-shared = Nothing was shared.

share-title = Share something
share-lead = What do you want to share something for?
share-about-match-vacancy = They see whether your profile suits a vacancy of theirs. Without your name.
share-about-training-advice = They see which training suits you. Without your name.
share-about-be-contacted = They see how they can reach you.
share-other = Choose something else
share-who = With whom?
share-nobody-may = There is no organisation that may do this now.
share-what = What?
share-needed = This always belongs to it:
share-optional = What more may they see?
share-not-yet = (not in your profile yet)
share-until = For how long?
seen-about-vacancy = for the vacancy
seen-about-training = for the training
share-days =
    { $days ->
        [30] One month
        [90] Three months
        [180] Half a year
        [365] A year
       *[other] { $days } days
    }
share-look = Look at what they see
share-nothing-yet = You share nothing yet. First you see exactly what they see.

check-title = Is this right?
check-preview = This is what they see
check-later = This is not in your profile yet. Once you fill it in, they see it too:
check-text = This is what you agree
check-no = No, share nothing
check-yes = Yes, share this
check-anew = You logged in some time ago. Show once more who you are before you share something. Stopping always works at once.
check-changed = Your profile has changed meanwhile. Nothing has been shared yet. Look again at what they will see.
check-known-application = { $name } knows who you are, by your application. So this organisation sees that this is yours.
check-known-be-contacted = { $name } knows who you are, by the contact that you allowed. So this organisation sees that this is yours.
check-anew-now = Log in again

profile-title = My profile
profile-lead =
    { $count ->
        [0] Fill in what you like. Only the first line and one skill are needed. Nobody sees this until you share it.
        [one] Fill in what you like. Only the first line and one skill are needed. One organisation may see something of you now: it sees your changes as far as you share them with it.
       *[other] Fill in what you like. Only the first line and one skill are needed. { $count } organisations may see something of you now: they see your changes as far as you share them with them.
    }
profile-kept =
    { $count ->
        [0] Your profile is saved. Nobody sees it yet.
        [one] Your profile is saved. One organisation may see some of it.
       *[other] Your profile is saved. { $count } organisations may see some of it.
    }
profile-keep = Save my profile
profile-wrong =
    { $count ->
        [one] One thing is not right yet. Nothing has been saved.
       *[other] { $count } things are not right yet. Nothing has been saved.
    }
profile-choose = Choose
profile-find = Find
profile-found =
    { $count ->
        [0] Nothing found. Try another word.
       *[other] Choose what suits you:
    }
profile-part-title = What are you looking for?
profile-title-label = In one line
profile-title-hint = Whoever may see something of you sees this line exactly as you write it. So leave out name, town and hours.
profile-part-description = Description
profile-description-hint = Something about yourself. This too is read as you write it, by whoever you show it to. Write nothing about your health.
profile-part-occupationsWanted = Which job do you want?
profile-find-occupation = Find a job
profile-part-skills = What can you do?
profile-find-skill = Find a skill
profile-propose = Suggest skills for my job
profile-level = level
profile-level-of = Level of { $skill }
profile-level-1 = 1 – beginner
profile-level-2 = 2
profile-level-3 = 3 – competent
profile-level-4 = 4
profile-level-5 = 5 – expert
profile-part-hours = How many hours a week?
profile-hours-min = At least
profile-hours-max = At most
profile-part-workingTimes = When can you work?
profile-times-hint = Tap the parts of the week in which you can work.
profile-flexible = My hours are flexible
profile-part-postcode = Where, and how far?
profile-part-commute = Where, and how far?
profile-postcode = Postcode or place
profile-postcode-hint = Only the four digits of your postcode. Would you rather not give it, or do we not know it? Fill in a place: we use the postcode in the middle of it.
profile-postcode-is = { $postcode } is in { $place }.
profile-mode = How do you travel?
profile-minutes = How many minutes at most?
profile-part-employersAtOnce = With how many employers at once?
profile-employers-hint = Some employers share one job between them.
profile-part-contracts = Which kind of contract?
profile-part-more = More about you
profile-part-education = Highest education
profile-part-availableFrom = When can you start?
profile-part-languages = Languages
profile-level-A1 = A1: a few words
profile-level-A2 = A2: simple sentences
profile-level-B1 = B1: everyday talk
profile-level-B2 = B2: fluent
profile-level-C1 = C1: nearly everything
profile-level-C2 = C2: like a native speaker
profile-part-licences = Driving licence
profile-part-salaryWish = Pay you want
profile-salary = Earn at least (euros)
profile-period = Per
profile-part-contact = How can you be reached?
profile-contact-hint = Nobody sees this when they search. You give it to one organisation at a time, when you want contact yourself.

finding-not-json = We cannot read this.
finding-unknown-member = We do not know this.
finding-missing = This is missing still.
finding-wrong-type = This is not a number.
finding-out-of-bounds = This is not right: too long, too short, or not of the right form.
finding-contradiction = This contradicts itself. Is the smallest number not above the largest, and the first day not after the last?
finding-unknown-code = We do not know this. Choose something from the list.
finding-another-host = This address may not stand here.
finding-another-organisation = You may not publish for this organisation.
finding-over = This day is over. Nobody finds this offer any more.
finding-not-allowed = No name, e-mail address, telephone number or citizen service number may stand here, and nothing about health, belief or a criminal record.

portal-menu-data = My data

request-title = { $name } asks you something
request-through = The question comes from { $name }.
request-assisted = Somebody helps you with this; you alone decide.
request-free = You need not share anything. Nothing follows from a no, and they are not told.
request-later = Not now, I will decide later

seen-tab = Who saw what
seen-title = Who saw what
seen-lead = Each time that something of you went to an organisation stands here.
seen-nothing = Nothing of you has gone to anyone yet.
seen-erased = Erased, this organisation says
seen-there = They may use it until { $day }
seen-retained = This the law makes the organisation keep:
seen-consent = Your consent

erasures-tab = What is erased
erasures-title = What is erased
erasures-lead = When you stop, whoever received something must erase it. Here you see who has done so.
erasures-nothing = Nothing has to be erased anywhere.

erasure-erased = Erased
erasure-retained = Erased, but for a part
erasure-outstanding = Not confirmed yet
erasure-left = This organisation takes no part any more and cannot be reached
erasure-since = asked on { $moment }
erasure-at = confirmed on { $moment }
erasure-corrected = You corrected something; the old version must go.
erasure-fields = This alone:
erasure-kept = Kept until { $day }, by { $statute }:

questions-tab = Searched for you
questions-title = What was searched for you
questions-lead = When you look for work or training, this system asks other organisations. They do not know who is looking.
questions-nothing = Nothing has been asked for you yet.

question-find-work = Looked for vacancies
question-find-training = Looked for training
question-asked =
    { $count ->
        [one] asked of one organisation
       *[other] asked of { $count } organisations
    }
question-whom = Of whom?
question-what = What went along?
question-nothing = Nothing of you: everything was asked for.
question-kept = We do not keep what exactly it said.
question-said-skills = skills
question-said-occupations = occupations
question-said-text = words
question-said-travel = the four digits of your postcode, and how far you want to travel
question-said-hours = how many hours you want to work
question-said-level = your education
question-said-contracts = kinds of contract
question-said-sectors = sectors
question-said-languages = languages
question-said-licences = driving licences
question-said-sharing = that you want to work for more employers
question-said-start = when you can begin
question-said-modifiedSince = that it is to be new

data-title = My data
data-correct = Correct
data-correct-about = Change your profile. Whoever may see it sees the new version at once.
data-consents = What I decided
data-consents-about = What you said yes or no to, with the text that you read and a receipt.
data-export = Take along
data-export-about = Everything in one file, also to move to another organisation.
data-proof = Verify
data-proof-about = Verify the log, or download the proof.
data-held = What do others have of me?
data-held-about = We ask each organisation that received something of you what it still has.
data-who = Organisation
data-says = Answer
data-ask = Ask now

holdings-answered = has answered
holdings-awaited = has not answered yet
holdings-left = takes no part any more

data-more-kinds =
    { $count ->
        [one] and one thing more
       *[other] and { $count } things more
    }
data-copies =
    { $count ->
        [0] has nothing of you any more
        [one] has something of you once
       *[other] has something of you { $count } times
    }
data-owing = has erased it, but not confirmed yet that its own systems have erased it too
data-key = The key of your profile with us:
data-key-about = When you ask us something about your profile, name this key: by it we find it.
data-erase = Erase everything
data-erase-about = Your profile and all that stands here about you goes. Whoever received something must erase it too.
data-erase-begin = Erase everything

consents-title = What I decided
consents-nothing = You have not decided anything yet.

consent-when = When
consent-receipt = Download the receipt

state-given = in force
state-withdrawn = stopped by you
state-expired = over
state-revoked = ended by the organisation
state-revoked-so = ended
state-invalidated = found invalid
state-superseded = replaced by a newer one
state-requested = asked
state-deferred = later
state-lapsed = lapsed
state-refused = you said no
state-unknown = unknown; nothing leaves

event-request = asked
event-give = you said yes
event-refuse = you said no
event-defer = put off
event-withdraw = stopped
event-replace = replaced
event-revoke = ended by the organisation that keeps your profile
event-revoke-so = ended: your profile was taken away, or the recipient told us that it had ended
event-invalidate = found invalid

ground-worker-asked = you asked for it
ground-purpose-ended = the purpose is no more
ground-recipient-unfit = the recipient did not keep to what was agreed
ground-notice-wrong = the text was wrong
ground-not-free = it was not freely given
ground-another-person = somebody else gave it
ground-authority = a supervisor or court decided so

erase-title = Erase everything?
erase-lead = This cannot be undone.
erase-stops = Everything that you share stops at once.
erase-told = Whoever received something of you is told to erase it.
erase-whom =
    { $count ->
        [0] Nobody has to erase anything: nobody has anything of you any more.
        [one] This organisation is told to erase what it got of you:
       *[other] These { $count } organisations are told to erase what they got of you:
    }
erase-whom-more = The next organisations
erase-whom-first = Back to the start of the list
erase-law = Where an organisation has to keep something by law, it says what, and until when.
erase-final = Your profile, all that you decided and who saw what disappear here. If you want to keep them, take them along first.
erase-sure = Yes, I want to erase everything
erase-no = No, go back
erase-yes = Erase everything

erased-title = Everything is erased here
erased-lead = { $partner } knows nothing of you any more. You are logged out.
erased-here = You can load this page again for one hour, until you close the browser. Keep what you need.
erased-receipt = Your receipt

invitation-title = Take over your profile
invitation-lead = Has somebody made a profile for you already? Then you were given a code. With it the profile becomes yours.
invitation-has-profile = You have a profile already. A code cannot change that.
invitation-unknown = We do not know this code, or its time is over. See whether you copied all of it, or ask for a new one.
invitation-code = Your code
invitation-take = Take over the profile
home-code = I have a code

programs-title = Programs that act for me
programs-lead = A program can see and do for you what you can do here, sharing and stopping too. It gets a key for that, for some hours.
programs-token = The key
programs-once = You see it only once. It works until { $moment }. Give it to nobody.
programs-copy = Copy this
programs-anew = Show once more who you are first.
programs-hours =
    { $hours ->
        [one] One hour
       *[other] { $hours } hours
    }
programs-make = Make a key
programs-end = Stop
programs-end-now = Let no program act any more
data-programs = Programs
data-programs-about = Let a program act for you, or stop that.

seen-erased-fields = This is erased of it already:
seen-said = We know this from the recipient alone: our own row was lost in a failure.
home-move = My profile is at another organisation

home-asked-more =
    { $count ->
        [one] After these there is one more question.
       *[other] After these there are { $count } more questions.
    }
request-why = Why?
request-why-none = They do not say for which work or training. You can say no, or ask them first.
request-why-said = This is what they say themselves. We cannot check it.
request-about-vacancy = Vacancy, as they say themselves: “{ $title }”
request-about-training = Training, as they say themselves: “{ $title }”
request-by-vacancy = Employer, as they say themselves: “{ $by }”
request-by-training = School, as they say themselves: “{ $by }”
seen-of-vacancy = for the vacancy “{ $title }”
seen-of-training = for the training “{ $title }”
request-by-through = { $by }, through { $name }
request-what = What do you want to share?
request-what-less = They ask for this. Untick what you do not want to share.
request-look = Show what they see then
request-wrong-nothing = You chose nothing. Choose one thing at least, or say no. Nothing was shared.
request-wrong-changed = You changed your choice. See whether it is right, and then say yes or no. Nothing was shared yet.
seen-application = Your application
profile-first = You need a profile for that. Make it here; then you can go on.
finding-unknown-postcode = We do not know this postcode or place, or more than one has that name. We know those in and around the region. Fill in a place that is near, or leave the field empty.
finding-postcode = Four digits, such as 8232, or the name of a place.
finding-telephone = A telephone number of 5 to 30 characters: digits, spaces, brackets and hyphens. A plus may come first.
finding-amount = An amount in euros, such as 17.50.
finding-missing-title = Write in one line what you are looking for.
finding-missing-skills = Search for and pick one skill at least.
finding-missing-occupationsWanted = First pick a job, above at “Which job do you want?”.
finding-missing-commute = Pick how you travel, and fill in for how many minutes at most.
finding-near = Do you mean { $near }?
erased-who = Who still has to erase?
erased-who-why = These organisations received something of you. We ask them to erase it until they confirm that they did.
erased-more =
    { $count ->
        [one] One organisation more
       *[other] { $count } organisations more
    }
erased-kept = The law makes this organisation keep that part until { $day }, it says.
erased-unread = We cannot show now who still has to erase. Everything is erased all the same, and whoever received something of you is told. Look later by the link.
erased-nobody = Nobody has anything left to erase.
erased-state = How far is it?
erased-link = Keep this link. For { $days } days it shows who has erased, without logging in. Whoever has the link sees names of organisations alone, and nothing of you.
erased-when = Erased on
erased-by = Erased and signed by
erased-consents = Times that you said yes
erased-disclosures = Times that something of you went to an organisation
erased-questions = Times that work or training was searched for you
erased-requests = Questions of organisations to you
erased-check = The receipt is signed with the key of this organisation in the register of members. Whoever has that register can check that it is real, also without us.
erased-download = Download the receipt
erased-text = The receipt as text
erased-unsigned = We could not make a signed receipt. Everything is erased all the same.

finding-hours-turned = The least number of hours is more than the most.
welcome-over = You did nothing for a while, or logged out elsewhere. So you are logged out. Log in again to go on.
over-title = You are logged out
over-why = What you typed has not been saved or sent, but it is still on this page.
over-log-in = Log in again. That opens a new window.
over-come-back = Come back to this page, and choose Go on.
over-now = Log in again
over-go-on = Go on
over-here-alone = Do not close this page: what you typed is only here.
resumed-title = You are logged in again
resumed-back = Go back to the page where you were, and choose { $button } there. You can close this window.
profile-idle = If you do nothing for 15 minutes, you are logged out. You do not lose what you typed here: you log in again and go on. If you choose Log out yourself, you do lose it.
profile-gone = What you typed here is not here any more. This is your profile as it is saved.
profile-resumed = What you typed is back. Nothing has been saved yet.
profile-other-language = Another language
profile-other-level = Its level
home-brought = You shared this at { $name }. Do you want to share it here again?
home-later = Later
home-later-until = You wanted to decide this later. You can until { $day }.
home-what-later = They see this once it is in your profile:
home-applications-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
withdraw-applications = Stop all { $count }
withdraw-applications-of = Stop all { $count } applications through { $name }
told-later = Nothing was shared. The question stays here until you decide or its time is over.
share-wrong = Almost there. Still to choose:
share-wrong-who = Choose at least one organisation.
share-wrong-what = Choose at least one thing to share.
share-wrong-long = Choose for how long.
share-optional-alone = What may they see?
check-empty = They see nothing now: your profile says none of this yet. Fill it in first.
request-already = For this they may see already:
request-already-why = It is ticked below too. If you untick something and say yes, they no longer see it.
brought-title = Share with { $name } again?
brought-why = You shared this at { $from }. { $name } does not ask for it here: you choose whether you share it here again.
brought-what-less = You shared this. Untick what you no longer want to share.
consents-yes = You said yes
consents-no = You said no, or put it off
consents-again = They can ask you this again from { $day }.
erasure-corrected-application = This is about one application: you stopped it, or corrected something.
seen-recalled = They must erase this. That is not confirmed yet.
seen-over = The time is over. They may use it no more.
erasure-application = Your application to “{ $title }”
profile-read = Suggest skills for what I wrote
profile-read-nothing = Write something at “Description” first.
profile-proposed =
    { $count ->
        [0] We find no other skill in what you wrote. Look one up yourself below.
        [one] We read this skill in what you wrote. Tick it if it is right:
       *[other] We read these skills in what you wrote. Tick what is right:
    }
request-kind = { $name } stands in the register of members as: { $kind }.
request-read-vacancy = Read the whole vacancy
request-read-training = Read what the training is
asked-offer-vacancy = The vacancy for which they ask you something
asked-offer-training = The training for which they ask you something
asked-offer-now = This is how it stands at this organisation now. We looked it up for you, without your name.
asked-offer-none-vacancy = We do not find this vacancy at { $name } now. It may be closed, or this organisation does not answer. You can decide later too.
asked-offer-none-training = We do not find this training at { $name } now. It may be closed, or this organisation does not answer. You can decide later too.
asked-offer-back = Back to the question
asked-offer-answer = Answer the question
home-ended =
    { $count ->
        [one] { $keeper } ended something that you shared
       *[other] { $keeper } ended { $count } things that you shared
    }
home-ended-one = { $name }: { $what }. Ended on { $day }.
home-ended-why = Why: { $why }.
home-ended-so = Your profile was taken away, or the recipient told us that it had ended.
home-ended-look = Look at it
home-ended-look-of = Look at it: { $name }
profile-changed = Your profile was changed elsewhere meanwhile, in another window for instance. What you typed still stands here; nothing has been saved. If you save it now, it takes the place of what stands there now.
profile-changed-see = Look at your profile as it is now, in a new window
profile-map = How far you want to travel
profile-map-said = Within the circle is everything that you can reach { $mode } in { $minutes } minutes from { $postcode }. Round the water it is sometimes further.
