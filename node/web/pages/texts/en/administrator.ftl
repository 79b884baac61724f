# The administrator's pages. Each text stands in the folder nl too.

administrator-menu = partners register clients syncs ledger node
desk-menu-partners = Partners
desk-menu-register = Register
desk-menu-clients = Systems
desk-menu-ledger = Log
desk-menu-node = Node

home-to-look-at =
    { $count ->
        [0] all is well
        [one] one thing to look at
       *[other] { $count } things to look at
    }
home-waits =
    { $count ->
        [one] One waits
       *[other] { $count } wait
    }
home-administrator = How is the node doing?
home-partners = who can be reached, and what is in the queue
home-register = until when the register counts, and what a proposal changes
home-clients = which systems use this node
home-ledger = what was disclosed about people, and who witnesses it
home-node = room, version and settings

partners-title = Partners
partners-lead = { $reached } of the { $total } partners that take part replied when this node last called them.
partners-urgent =
    { $count ->
        [0] Nothing needs attention now.
        [one] One partner needs attention: it stands first.
       *[other] { $count } partners need attention: they stand first.
    }
partners-try = Try these partners now
partners-tried =
    { $count ->
        [one] One partner was just tried. Below is how that went.
       *[other] { $count } partners were just tried. Below is how that went.
    }
partners-partner = Partner
partners-state = State
partners-took = Replies in
partners-waiting = In the queue
partners-before = Before
partners-after = Next
partners-page = Page { $page } of { $pages }
partners-slow = Slowest to reply, of those that are reached
partners-most-waiting = For whom most waits
partners-nothing-waits = Nothing waits: every partner has got all that was for it.
partners-none = There are no other partners in the register yet.
partners-back = All partners
partner-state-reached = reached
partner-state-failing = not reached
partner-state-not-called = not tried yet
partner-state-suspended = suspended
partner-state-expelled = expelled
partner-why = This partner { $reason }.
partner-try = Try now
partner-tried-good = The partner replied.
partner-tried-bad = The partner did not reply as it should.
partner-contact = Contact
partner-reached = Last reached
partner-not-since-start = not since this node started
partner-detail = What went wrong
partner-took = Time to the reply
partner-took-usual = usually { $ms } ms
partner-waiting = Waits for this partner
partner-waiting-since = the oldest since { $moment }
partner-version = Version of the program
partner-register = Version of the list of members
partner-not-said = not heard of
partner-ours = (here: { $ours })
partner-ahead = Clock
partner-ahead-ms = { $ms } ms ahead of this one
partner-behind-ms = { $ms } ms behind this one
partner-in-register = In the register
partner-id = Id of the partner
partner-region = Region
partner-roles = Roles
partner-status = State in the list of members
partner-status-since = since version { $version } of the list of members
partner-address = Address of the node
partner-purposes = May ask for
partner-acts-for = Acts for
partner-hosts = May link to

warn-partner-failing = Not reached since { $moment }. If it stays so, ring that partner's administrator.
warn-partner-late = Has not confirmed since { $moment } what waits for it. Ring its administrator: after { $count } hours it gets nothing about people.
warn-partner-overdue = Has not confirmed since { $moment } what waits for it, for more than { $count } hours. It gets nothing about people now. Ring its administrator and tell your privacy officer.
warn-partner-key-ends = A key counts for { $count } more days, until { $moment }. The partner must have new keys put into the register.
warn-partner-key-over = A key has not counted since { $moment }. The partner must have new keys put into the register.
warn-partner-clock = Its clock is { $count } seconds ahead of this one (below zero: behind). One of the two must be set.
warn-partner-register = Has another version of the list of members: { $text }. That is usually over within a minute.
warn-partner-suspended = Suspended: it is neither asked nor answered. Ask a registrar why.
warn-register-contradiction = Two signed documents contradict each other: { $text }. Nothing about people leaves. Send the files of the directory evidence to the stewards.
warn-register-two-histories = The log of { $text } has two histories. Tell the stewards and your privacy officer.
warn-register-root = The root counts for { $count } more days, until { $moment }. Ask the stewards to renew it.
warn-register-root-over = The root has not counted since { $moment }. Ask the stewards to renew it.
warn-register-members = The list of members counts for { $count } more days, until { $moment }. Ask the registrars to renew it.
warn-register-members-over = The list of members has not counted since { $moment }. Ask the registrars to renew it.
warn-register-fresh = The proof that the list of members is the newest counts until { $moment } and is not being renewed. See that a node with a freshness key runs.
warn-register-key = A key of your own counts for { $count } more days, until { $moment }. Make new keys and have a registrar put them into the list.
warn-register-key-over = A key of your own has not counted since { $moment }. Make new keys and have a registrar put them into the list.
warn-log-red = Too few partners have seen the log since { $moment }. After three days nothing about people leaves. See whether the partners can be reached.
warn-log-stopped = Too few partners have seen the log since { $moment }. Nothing about people leaves now. See whether the partners can be reached.
warn-log-alone = Nobody has to cosign. Without witnesses nobody can see whether the log was changed.
warn-lost-journal = The journal of what ended is not the one that the database had. Nothing about people leaves. Stop the node and put the journal back, or run `polder restored`.
warn-disk-full = The disk is nearly full: soon nothing can be stored. Make room now.
warn-disk-none = The disk is full: nothing can be stored, and nobody can log in. Make room now.
warn-disk-little = Less than 1 GB is free on the disk. Make room.
warn-clock = The clock was set by { $count } seconds since the start. Nothing about people leaves. Set the clock right and start again.
warn-offers-full = No more offers can be stored. See whether a system brings the same offers again and again, or raise limits.offers.
warn-offers-many = There is little room left for offers. See whether a system brings the same offers again and again, or raise limits.offers.
warn-reopening =
    { $count ->
        [0] The database was restored. Nothing about people leaves yet.
        [one] The database was restored. The node waits for one partner; until it answers, nothing about people goes to it.
       *[other] The database was restored. The node waits for { $count } partners; until they answer, nothing about people goes to them.
    }

ends-root = Root
ends-members = List of members
ends-fresh = Proof that the list is the newest
ends-message-key = Key for messages
ends-tls-key = Key for connections
ends-over = over
ends-days =
    { $days ->
        [0] today
        [one] one more day
       *[other] { $days } more days
    }

register-title = Register
register-standing-current = in force
register-standing-stale = stale
register-standing-no-disclosure = not to be relied on
register-standing-missing = not here
register-means-current = This register can be relied on.
register-means-stale = The node does not know for sure whether there is a newer list. If that lasts for more than seven days, nothing about people leaves.
register-means-no-disclosure = Nothing about people leaves now. Vacancies and trainings go on.
register-region = Region
register-members = Version of the list of members
register-members-version = { $epoch }.{ $version }, { $count } members
register-root = Version of the root
register-signers = Who signs
register-threshold = { $threshold } of { $count } signatures needed:
signers-stewards = Stewards (root)
signers-new-stewards = The new stewards
signers-registrars = Registrars (list of members)
signers-freshness = Nodes (proof that the list is the newest)
register-regions = Other regions
register-other-version = version { $version }
register-no-regions = This region recognises no other regions.

proposal-look = Look at a proposal
proposal-explained = A proposal for a new list goes from hand to hand as a file, and counts only when enough people have signed. So this node does not know which proposals there are. Pick or paste one to see what it changes and who has yet to sign.
proposal-file = Pick the file (members…json, root…json or fresh…json)
proposal-hint = It is only read: nothing is kept, and nothing comes into force. 2 MB at most.
proposal-button = Look at the proposal
proposal-title = The proposal
proposal-empty = You picked and pasted nothing yet.
proposal-not-json = This cannot be read: it is not JSON, or something stands in it twice. Paste the whole file.
proposal-not-form = This is no file of a register. Paste a whole file members…json, root…json or fresh…json.
proposal-kind-root = Root, version { $version }
proposal-kind-members = List of members, version { $version }
proposal-kind-fresh = Proof that version { $version } of the list of members is the newest
proposal-follows-next = It follows on what is in force.
proposal-follows-same = It has the number of what is in force.
proposal-follows-older = It is older than what is in force, and is not taken any more.
proposal-follows-beyond = It does not follow on what is in force here: a version is missing in between.
proposal-until = It counts until { $moment }.
proposal-signatures = Signatures
proposal-signed = { $signed } of { $needed }
proposal-has = { $key } has signed
proposal-lacks = { $key } has not signed
proposal-changes = What it changes
proposal-risk = look twice
proposal-no-changes = It changes nothing.
proposal-more = And { $count } more changes: polder register show names them all.
proposal-then = Signing is not done here but with polder register sign, on the machine with the key.
change-expires = Counts until { $after } (now: { $before }).
change-region = It is of region { $after }, and this register is of { $before }.
change-epoch = Begins epoch { $after } (now: { $before }): lists of an earlier epoch count no more.
change-recognises = Recognises region { $who }, with fingerprint { $after }.
change-another-region = Region { $who } gets another fingerprint: { $after } (now: { $before }).
change-recognises-no-more = No longer recognises region { $who }.
change-purposes-more = { $who } may ask for:
change-purposes-less = { $who } may no longer ask for:
change-signer-new = { $who }: new key { $after }.
change-signer-other = { $who }: under { $after } stands another key.
change-signer-gone = { $who }: key { $after } goes.
change-threshold = { $who }: { $after } must sign (now: { $before }).
change-not-after-ours = It does not name the list in force as the one before it. Two lists may go about.
change-member-new = { $who } joins, as { $before }, at { $after }.
change-member-twice = { $who } stands in it twice: no node takes such a list.
change-member-removed = { $who } goes altogether: its keys can come back under another name.
change-reinstated = { $who } takes part again.
change-suspended = { $who } is suspended.
change-expelled = { $who } is expelled.
change-since = { $who }: the status is said to hold since version { $after } (expected: { $before }).
change-name = { $who } is called { $after } from now on.
change-roles-more = { $who } is called this too from now on: { $after }.
change-roles-less = { $who } is not called this any more: { $after }.
change-address = { $who } is reached at { $after } (now: { $before }).
change-client-address = { $who }: address for its own systems { $after } (now: { $before }).
change-acts-for-more = { $who } acts for { $after }.
change-acts-for-less = { $who } no longer acts for { $after }.
change-hosts-more = { $who } may link to { $after }.
change-hosts-less = { $who } may no longer link to { $after }.
change-key-new = { $who }: new key { $after }.
change-key-period = { $who }: key { $after } counts for another time.
change-key-gone = { $who }: key { $after } counts no more.

clients-title = Systems
clients-lead = Which systems of your organisation use this node, and what they may do. The counts are since the node started.
clients-operator = Whatever logs in with the operator token of this node.
clients-proof = Logs in with
clients-token = a token; it does not expire, and the node keeps only a hash of it. If somebody else may have it, make another with polder init.
clients-organisations = For
clients-last = Last used
clients-never = not since the start
clients-used = Requests
clients-taken =
    { $count ->
        [one] one taken
       *[other] { $count } taken
    }
clients-refused =
    { $count ->
        [one] one refused as too many
       *[other] { $count } refused as too many
    }
clients-may = May ask
clients-quota = { $requests } requests a second, { $questions } questions a minute, { $kib } KiB a second
clients-to-erase = Still to erase
clients-scopes = What it may do ({ $count } scopes)
clients-people = Who is logged in now
clients-workers = Sessions of workers
clients-programs = Programs that may act for a worker
clients-staff = Sessions of staff
clients-connection = Connection
clients-own-tls = encrypted by this node
clients-proxy = encrypted by a proxy before it
clients-local = not encrypted: for trying out on one machine only

ledger-title = Log of disclosures
ledger-lead = Each time that something about a person goes to a partner, it is written here first. Other partners cosign, so that nobody can change it later.
ledger-standing-cosigned = cosigned
ledger-standing-none = there is nothing to cosign yet
ledger-standing-alone = nobody has to cosign
ledger-standing-waiting = not cosigned yet
ledger-standing-red = not cosigned for a day
ledger-standing-stopped = not cosigned for three days
ledger-leaves = Rows
ledger-signed = Signed
ledger-cosigned = Cosigned by enough partners
ledger-quorum =
    { $count ->
        [0] nobody has to cosign
        [one] one signature of a partner is needed
       *[other] { $count } signatures of partners are needed
    }
ledger-root = Root over all of it
ledger-days = Disclosures per day
ledger-days-plot = Disclosures per day, the last 30 days
ledger-sum =
    { $count ->
        [one] One disclosure in all.
       *[other] { $count } disclosures in all.
    }
ledger-most = Most on { $day }: { $count }.
ledger-cut = Only the newest { $count } were counted: there are more.
ledger-30 = 30 days
ledger-today = Today
ledger-each-day = Each day in a table
ledger-day = Day (UTC)
ledger-disclosures = Disclosures
ledger-nothing = Nothing about people was disclosed in the last 30 days.
ledger-others = other partners
ledger-witnesses = Witnesses
ledger-witnesses-lead = When each partner last cosigned. Not every partner is asked: enough is enough.
ledger-last = Last cosigned
ledger-recent = within a day
ledger-old = longer ago
ledger-never = not under what is kept here

node-title = The node
node-good = all is well
node-version = Program
node-since = Runs since
node-clock = Clock
node-clock-set = set by { $seconds } s since the start
node-room = Room
node-room-plot = What takes room on the disk
node-offers-plot = Offers that can be found
node-database = Database
node-engine-sqlite = SQLite
node-engine-postgresql = PostgreSQL
node-free-in-file = ({ $size } of it free to be used again)
node-disk = Free on the disk
node-disk-used = Disk in use
node-not-known = not known
node-index = Search index
node-segments =
    { $count ->
        [one] one segment
       *[other] { $count } segments
    }
node-kind-vacancy = Vacancies
node-kind-training = Trainings
node-kind-skill-offer = Profiles, by each way in which they are shared
node-offers = Offers in all
node-offers-of = { $count }, at most { $limit }
node-queue = Waits for partners
node-commits = Stored since the start
node-commits-ms = { $count } times, { $ms } ms on average
node-backup = Backup
node-backup-sqlite = The node does not know when you made one. Have polder backup run every day, and keep the copy on another disk.
node-backup-postgresql = The node does not know when you made one. Have pg_dump run every day, and keep the copy on another disk.
node-work = Background work
node-alone = This node runs as one process and does all the work itself.
node-processes =
    { $count ->
        [one] One process does the work now.
       *[other] { $count } processes share the work now.
    }
node-duty = Work
node-holder = Process
node-until = Until
node-waits-for = After the database was restored the node waits for:
node-configured = Settings
node-url = Address for people
node-portal = Workers log in at
node-desk = Staff log in at
node-no-login = not set up
node-visitors = Accounts that logged in since the start
node-limits = Limits
node-key = Setting
node-value = Value

partners-this-node = { $name } (this node)
partners-not-called =
    { $count ->
        [one] One partner has not been called since the start.
       *[other] { $count } partners have not been called since the start.
    }
partners-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
ledger-more =
    { $count ->
        [one] And to one partner more.
       *[other] And to { $count } partners more.
    }
clients-people-why = A session is one browser in which somebody is logged in: who logs in on a phone and on a computer counts twice.
node-offers-title = Offers
node-kind = Kind
node-kept = Kept
node-found = Can be found
node-kept-vacancy = Vacancies
node-kept-training = Trainings
node-kept-skill-offer = Profiles of workers
node-offers-differ = Kept and found are not the same. A vacancy or a training whose closing date is past is kept until somebody deletes it. A profile is found only when the worker shares it, and counts once for each way of sharing.

clients-named = Name
clients-rights = May
clients-keys =
    { $count ->
        [one] one key:
       *[other] { $count } keys:
    }
clients-at-provider = known at your own authorization server as
clients-no-way-certificates = This system wants to log in with a certificate, and this node takes none. Set client.certificates_listen and client.certificates_url in the configuration, or ask the builder for a public key.
clients-no-way-provider = This system wants to log in with a token of your own authorization server, and this node takes none of those. Set client.issuer, client.issuer_keys and client.audience in the configuration, or ask the builder for a public key.
clients-sandbox = On trial: nobody else sees what this system publishes
clients-reference = What a system can ask, with examples
clients-last-day = Last day
clients-told-proposed = Proposed. Somebody else approves it, here or with polder clients approve.
clients-told-approved = Approved. It holds from now on.
clients-told-refused = Refused. Nothing changes.
clients-told-ended = Ended. Its next call is refused.
clients-ended = Ended on { $moment }.
clients-in-force = in force until { $moment }
clients-waits = Waits for a second person
clients-proposed = Proposed by { $who } on { $moment }.
clients-approve = Approve
clients-another = You proposed this yourself: somebody else approves it, here or with polder clients approve.
clients-refuse = Refuse
clients-end = End this system
clients-end-why = For good: its next call is refused, and its id does not come back. What it has of people is yours to have erased, under Erase.
clients-end-now = End it now
clients-next = Next
clients-from-start = From the start
clients-propose = Propose a system, or a change
clients-propose-why = Whoever builds the system gives you this document. It has public keys alone. Nothing changes before somebody else approves it.
clients-id = Id of the system
clients-document = Document (JSON)
clients-propose-now = Propose
problem-client-nothing = Nothing of this system waits to be approved.
problem-client-other = Something else was proposed meanwhile than what you looked at. Look again.
problem-client-same = Whoever proposes something does not approve it. Ask a second person.
problem-client-over = The last day of this proposal is over. Propose it with another day.
problem-client-ended = This system was ended for good. Propose it under another id.
problem-client-many = There are as many systems as a node knows. End those that call no more.
problem-client-id = An id has 1 to 100 characters: letters, digits and . _ ~ -
problem-client-document = This document does not hold:

warn-partner-certificate-ends = The certificate of its connection holds for { $count } more days, until { $moment }. Ask its administrator to make new keys.
warn-partner-certificate-over = The certificate of its connection does not hold any more since { $moment }. Ask its administrator to make new keys.
warn-register-certificate = The certificate of this node holds for { $count } more days, until { $moment }. Make new keys and have a registrar put them into the list.
warn-register-certificate-over = The certificate of this node has not held since { $moment }. Make new keys and have a registrar put them into the list.
ends-certificate = Certificate of the connection with partners
trouble-refused = The connection is refused: no program listens at that address now.
trouble-no-way = No way leads to that address: the network or a firewall does not let it through.
trouble-no-name = The name of the computer cannot be found, or leads to an address that may not be called.
trouble-silent = No reply came in time.
trouble-cut = The connection was cut.
trouble-not-theirs = A computer replies at that address that has not the key of the register. If you call the administrator, tell them so.
trouble-unclear = The connection failed. The log of this node says what the system said of it.
clients-certificates =
    { $count ->
        [one] one certificate:
       *[other] { $count } certificates:
    }
clients-sha256 = Hash of this proposal (sha256). Does whoever proposed it name the same?
proposal-paste = Or paste it here
change-expires-at = Holds until { $after } (now: { $before }), on the same day.
partners-first-ends = Keys:
clients-webhooks = Webhooks
clients-webhook-active = works
clients-webhook-failing = fails, is tried again
clients-webhook-disabled = stopped
clients-webhook-answered = answered { $status }
clients-webhook-address-refused = leads to an address that is not allowed
clients-webhook-certificate-refused = has a certificate that this machine does not trust
clients-webhook-no-connection = could not be reached
clients-webhook-too-slow = did not answer in time
clients-webhook-broken = broke off
clients-webhook-last = last on { $moment }
clients-webhook-since = since { $moment }
warn-client-certificate = The certificate of the pages and of /v1 holds for { $count } more days, until { $moment }. Renew it and restart the node: after that nobody can log in, and no system gets in.
warn-client-certificate-over = The certificate of the pages and of /v1 has not held since { $moment }. Renew it and restart the node: nobody can log in now, and no system gets in.
ends-client-certificate = Certificate of the pages and of /v1
risk-member-new = Do you know this partner, and is the address right? Ask.
risk-purposes-more = This partner gets to see more about people then, as far as they agree.
risk-roles-more = A role gives no rights, but workers and partners see it and rely on it.
risk-name = Workers see this name when they decide. Is it the same organisation still?
risk-address = Questions and answers go to this address then. Is it right?
risk-client-address = Whoever logs in or connects a system comes to this address then. Is it right?
risk-acts-for-more = What this partner publishes then stands under the name of another. Does that one know?
risk-hosts-more = Links of this partner may lead to this website then. Is it theirs?
risk-key-new = Whoever has this key speaks for this partner then. Ask whether it is theirs.
risk-key-period = The key counts at a time then at which it does not now.
risk-recognises = Partners of that region may ask questions here then.
register-by-proxy = The proxy in front of this node has it: look there until when it holds.
