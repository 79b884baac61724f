# The page with the course systems of schools.

desk-menu-syncs = Schools
home-syncs = which course systems this node reads, and what it could not take over
syncs-title = Trainings of schools
syncs-lead = This node reads what these schools offer and makes trainings of it. What the school changes, changes here the next time.
syncs-told = { $name } is being read now. Reload this page to see how far it is.
syncs-none = No school is configured yet. Put the address of its catalogue (Open Education API, version 5 or 6) into the configuration of the node, and start it again:

sync-state-reading = being read
sync-state-whole = read whole
sync-state-broken-off = broken off
sync-state-lost-too-much = too much is missing
sync-state-never = not read yet
sync-lost-why = The school suddenly had much less on offer. So nothing was withdrawn. Ask the school whether its catalogue is right. Is it? Then set most_lost_percent higher in the configuration.
sync-now = Reading { $stage }, page { $page }. Begun on { $moment }.
sync-stage-organisations = organisations
sync-stage-learning-outcomes = learning outcomes
sync-stage-programmes = programmes
sync-stage-courses = courses
sync-stage-missing = what is missing
sync-last = Last read
sync-never = never
sync-next = Next time
sync-at-once = now
sync-read = Read now
sync-found = Found
sync-found-what = { $programmes } programmes, { $courses } courses, { $offerings } starting dates
sync-changed = Trainings here
sync-changed-what = { $created } new, { $replaced } changed, { $unchanged } the same
sync-gone = Withdrawn
sync-gone-what = { $ended } that the school offers no more, { $withdrawn } that were missing twice or are now another organisation's
sync-missing =
    { $count ->
        [one] One training was missing for the first time, or is another organisation's, and stays for now
       *[other] { $count } trainings were missing for the first time, or are another organisation's, and stay for now
    }
sync-refused = Not taken over
sync-refused-what =
    { $count ->
        [0] nothing
       *[other] { $count }
    }
sync-not-mapped = Not taken over
sync-not-mapped-why = No training could be made of these. If there was one already, it stayed as it was. The school can mend this in its catalogue.
sync-where = Where in the catalogue
sync-field = Field
sync-wrong = What is wrong
sync-lost = What was not taken over wholly
sync-lost-of = These trainings are here, but not every field could come along as it was.
sync-became = What became of it
sync-count = Of how many
sync-more = And { $count } more. All of it stands in: polder sync --report { $name }
sync-show = See what was not, or not wholly, taken over

sync-why-not-of-the-format = This does not have the form of the Open Education API.
sync-why-encoding = This is no readable text.
sync-why-document-type = This begins with a DOCTYPE, which is not taken.
sync-why-too-much = This is too large.
sync-why-nothing-found = There is nothing in it.
sync-why-missing = This field is missing.
sync-why-key-twice = There is something else already with this id.
sync-why-rule = This may not stand in a training, or not so.
sync-why-offerings = The starting dates could not be read.
sync-why-another-organisation = This school is not read for that organisation. Add its KvK number to 'for' in the configuration if it may be.
sync-why-too-many = This node has as many offers as there may be.
sync-why-other = This could not be taken over.

sync-loss-kept-as-text = stands as text in the description
sync-loss-left-out = left out
sync-loss-not-understood = not understood, and left out
sync-loss-shortened = shortened
sync-loss-list-shortened = the list was shortened
sync-loss-assumed = was not there; something was assumed
sync-loss-unknown-field = unknown field, left out
sync-loss-more = and more
sync-loss-other = became something else

sync-trouble-no-reply = The school did not reply in time. It goes on by itself.
sync-trouble-connection-refused = The connection was refused: no program listens at that address now. It is tried again by itself.
sync-trouble-no-way = No way leads to that address: the network or a firewall does not let it through. It is tried again by itself.
sync-trouble-no-name = The name of the school's computer leads nowhere. Is the address right?
sync-trouble-cut = The connection was cut. It goes on by itself.
sync-trouble-not-trusted = The certificate of the school's computer is not trusted by this node. Ask the school whether it is right.
sync-trouble-not-reached = The connection failed. It is tried again by itself.
sync-trouble-status = The school replied something else than was asked. It goes on by itself.
sync-trouble-elsewhere = The school leads to another server. That is not followed: put that address into the configuration.
sync-trouble-too-large = The reply was too large.
sync-trouble-no-token = The server that gives access to the catalogue gave none. The log of the node says why.
sync-trouble-no-service = There is no catalogue at this address. Is the address right?
sync-trouble-not-json = The reply is not JSON.
sync-trouble-no-version = The catalogue does not say whether it is version 5 or 6 of the Open Education API.
sync-trouble-no-page = The reply is no page of the Open Education API.
sync-trouble-collection-gone = A part of the catalogue that was there before is not there now.
sync-trouble-goes-round = The school gives the same pages again and again. It begins anew.
sync-trouble-other = The catalogue could not be read.

warn-sync-broken-off = Reading { $text } broke off. Does it stay so? Call the school.
warn-sync-lost-too-much = Much is suddenly missing at { $text }. Nothing was withdrawn. Ask the school whether its catalogue is right.
