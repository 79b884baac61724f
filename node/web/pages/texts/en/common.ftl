# What stands on all pages. Each text stands in the folder nl too.

skip = To the content

menu = Menu

log-in = Log in
log-out = Log out

footer = These pages belong to { $partner }. You decide who sees anything of you.

until = until { $day }

portal-name = My work

desk-name = Desk

problem-title = That did not work
problem-back = To the start
problem-instance = If you ask for help, give this number: { $instance }
problem-log-in = You are not logged in.
problem-not-allowed = You may not do this in the role that you are logged in with.
problem-forged = This button did not come from a page of ours, or you have logged in again since. Nothing has changed. Open the page again and try once more.
problem-of-another = You cannot see what was typed here: somebody else typed it, or it is not certain that it was you. It has been thrown away. Nothing has been saved or sent.
problem-not-found = There is no such page.
problem-busy = You ask a lot at once. Wait a moment, then try again.
problem-log-in-later = From your network logging in was tried too often without success. Wait a minute, then try again.
problem-request = We cannot read what you sent. Go back and try again.
problem-internal = Something went wrong on our side. Nothing has changed. Try again later.
problem-request-over = This question was answered before, or is no longer open.
problem-not-in-force = This consent had ended before.
problem-notice-differs = The text has changed meanwhile. Read it again, then decide.
problem-no-profile = You have no profile yet. Make one first.
problem-closed = The system was restored after a failure. Sharing will work again soon; stopping always works.
problem-provider = You cannot log in just now: the service where you log in does not answer. Try again later.
problem-login-wrong = Logging in failed: what the log-in service sent does not hold. Try again.
problem-login-forbidden = Logging in failed: the log-in service sent data that we may not have. Nothing was kept. Please tell us.
problem-login-stale = Logging in took too long, or began in another window. Try again.
problem-login-refused = You are not logged in: you stopped, or the log-in service did not let you in.
problem-login-no-role = You are logged in, but have no role here. Ask your administrator for one.
problem-login-level = You logged in at a level that is too low. Log in by a stronger means.
problem-show-again = Show once more who you are first. Nothing was shared.

language-code = en

problem-full = We cannot keep anything now. Nothing has changed. Try again later.
problem-disk = The disk of this computer is full: we cannot keep anything now, and nobody can log in. Nothing has changed. Tell whoever looks after it to make room, and try again later.
problem-not-sure = Tick the box first. Nothing was erased.
problem-not-signed-yet = The proof is not there yet: it is made every few seconds. Try again shortly.

newest = Newest

older = Older
other-language = nl
other-language-name = Nederlands
other-language-again = Deze pagina in het Nederlands. Wat u typte, blijft staan.
role-municipality = municipality
role-province = province
role-employer = employer
role-school = school
role-regional-work-company = social enterprise
role-training-provider = trainer
role-service-point = employers' service point
role-temp-agency = temporary employment agency
search-pick =
    { $count ->
        [0] Nothing found for “{ $text }”. Try another word.
       *[other] Choose what you are looking for:
    }
search-progress = Time until all answers must be in
search-map = Map of the region
search-map-said = Each dot with a letter is a place with results, or a few places close to each other. The number beside it is how many. A dot leads to the first result there. In the list that letter stands with each result. The circle is as far as you can come.
map-letter = on the map:
map-elsewhere =
    { $count ->
        [one] One result is not on the map.
       *[other] { $count } results are not on the map.
    }
map-dot =
    { $letter }: { $place }, { $count ->
        [one] one result
       *[other] { $count } results
    }
propose-said = In the text:
