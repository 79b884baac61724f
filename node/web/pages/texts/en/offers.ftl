# The form of an offer, and what is wrong with a line or a field.

offers-more = What you can do with it
offers-people = Search people
offers-people-vacancy = Search people for this vacancy
offers-people-training = Search people for this training
offers-people-of = Search people for { $title }
offers-none-do = Make the first with the button above.
offers-where-when = Where and when
offers-terms = Contract and pay
offers-needed = What one must have
offers-gives = What one gets
offers-kvk = KvK number
offers-remote = Remotely (per cent)
offers-start = First working day
offers-hours-min = Hours a week, at least
offers-hours-max = Hours a week, at most
offers-times = When
offers-times-hint = Tap the parts of the week in which there is work. Does it not matter? Leave all of them empty.
offers-flexible = The times can be agreed on
offers-week-from = Seasonal work: first week
offers-week-to = Seasonal work: last week
offers-sharing = The employee may also work for another employer
offers-pay-min = Gross pay from (euros)
offers-pay-max = Gross pay up to (euros)
offers-period = Pay
offers-positions = How many people you look for
offers-licences = Driving licence that is needed
offers-languages = Languages that are needed
offers-editions-hint = Each time that the training is given. Empty a row to delete it.
offers-edition = Edition { $number }
offers-edition-start = Begins on
offers-edition-end = Ends on
offers-edition-mode = How
edition-on-site = at a place
edition-online = online
edition-blended = partly online
offers-routes = Route
route-bol = school with work placement (bol)
route-bbl = working and learning (bbl)
route-full-time = full time
route-part-time = part time
route-dual = dual
route-self-paced = at one's own pace
offers-credential = Credential that one gets
credential-none = none
credential-certificate = certificate
credential-microcredential = microcredential
credential-mbo-certificate = mbo certificate
credential-mbo-diploma = mbo diploma
credential-associate-degree = associate degree
credential-bachelor = bachelor
credential-master = master
offers-price = Price (euros)
offers-price-note = What is in it and what is not
offers-apply-vacancy = Applying
offers-apply-training = Enrolling
offers-apply-hint-vacancy = Workers of the region can also apply by these pages. You see their application here then.
offers-apply-hint-training = How one can enrol.
offers-telephone = Telephone number
offers-instructions = What one must send or bring
offers-key-taken = There is an offer with this key already. Choose another, or leave it empty.

import-which = Offer
import-untitled = without a title
import-file = Download the refused lines
import-no-room = Your list is too long to show here again. Pick or paste it again, and then choose what to do with them.
import-no-room-left = Below are the first lines that were not kept; there is no room for all. Pick or paste your own list again to download them.
import-what = What happens
import-becomes =
    { $changed ->
        [0] All good lines are new: { $count }.
       *[other] Good lines: { $count }, of which { $changed } not new.
    }
import-becomes-new = new
import-becomes-replaces = replaces “{ $title }”
import-twice = Does not count: this key is there again further on, and the last line counts.
import-not-now = This could not be kept now. Try again later.
import-more-good =
    { $count ->
        [one] And one more good line.
       *[other] And { $count } more good lines.
    }
import-left = Below are only the lines that were refused. Correct them, and try again.

member-number = number { $number }
member-unknown = We do not know this: { $said }.
member-nearest = Do you mean: { $said }?
member-members = What may stand here: { $said }.
member-wrong-type = This is not of the right kind.
member-out-of-bounds = This is not possible.
member-one-of = Choose from: { $said }.
member-whole = A whole number from { $least } to { $most }.
member-amount = An amount up to € { $most }.
member-cents = In a line it stands in whole cents.
member-pay = That is more than anybody earns in that period. Is the amount right, and what it is for?
member-not-json = A line begins and ends with a brace, as in the example.
member-date = A day that exists: year, month and day, such as 2027-01-31.
member-date-written = A day that exists, such as 31-1-2027 or 2027-01-31.
member-days-turned = The first day is after the last.
member-turned = The smallest number is more than the largest.
member-twice = This is there twice.
member-hosts = These are allowed, and what lies below them: { $said }.
member-email = An e-mail address, such as work@example.com.
member-url = A web address that begins with https://
member-postcode = Four digits, with or without two letters, such as 8232 AB.
member-pattern = Only in this form: { $said }
member-length = { $least } to { $most } characters.
member-list = A list of { $most } at most, each once.
member-object = A part with: { $said }.
member-yes-no = This is true or false.

offers-find = Find by title or key
offers-find-do = Find
offers-find-all = Show all
offers-find-on = Look further
offers-found =
    { $count ->
        [0] Nothing found with “{ $text }”.
        [one] One found with “{ $text }”.
       *[other] { $count } found with “{ $text }”.
    }
offers-found-part = Not all was looked through yet.
offers-open = Open until
offers-closed = closed
offers-applied =
    { $all ->
        [one] One application
       *[other] { $all } applications
    }{ $waiting ->
        [0] {""}
       *[other] , { $waiting } to do
    }

changes-parts = Changed:
changes-by-form = desk
changes-by-delete = desk
changes-by-list = desk, with a list
changes-by-system = system
offers-kept-everyone = Kept. All partners find it from now on:
offers-kept-some = Kept. Whoever may see it by its terms finds it from now on:
offers-kept-nobody = Kept. But nobody finds it: the last day on which it is open is past:
offers-notes = This is kept as you wrote it, but we do not know it. Whoever searches by it does not find your offer. If it is a mistake, mend it.
offers-changed-meanwhile = Somebody else changed this offer meanwhile. Nothing was kept yet. What you typed is below.
offers-changed-see = See it as it is now (in a new window)
offers-changed-differs = What you typed differs from what is there now in: { $parts }. When you keep it, what you typed holds.
offers-changed-same = What you typed is the same as what is there now.
offers-delete-changed = This offer was changed meanwhile. Nothing was deleted. Do you still want to?
member-kvk = Eight digits, without dots or spaces.
member-telephone = A telephone number of digits, with or without + before it, such as 0320 123 456.
member-two-letters = Two small letters.
import-closed = closed already: nobody finds it
offers-gone-meanwhile = Somebody else deleted this offer meanwhile. Nothing was kept. What you wrote still stands below. If you choose “Keep” it is there anew, with the same key.
offers-gone-rest = What this form does not show, such as who may see it, does not come back: everybody finds it then.
propose-ask = Propose skills from the text
propose-found =
    { $count ->
        [one] One skill that the text seems to speak of
       *[other] { $count } skills that the text seems to speak of
    }
propose-pick = Tick what is right. What you do not tick is not kept.
propose-none = We find no other skill in the title and the description. Look one up yourself above.
