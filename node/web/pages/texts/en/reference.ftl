# The reference of the client interface (/reference), for whoever builds systems. Each text stands in the folder nl too.

reference-name = Interface
reference-footer = These pages are { $partner }'s, for whoever connects a system.
reference-title = Connect a system
reference-lead = What your system can ask of this node, with an example of each request and each reply. This is version { $version }.
reference-language = The descriptions are in English, as are the names of members.
reference-operations = What there is
reference-count = { $count ->
    [one] { $count } operation
   *[other] { $count } operations
}
reference-tag-offers = Offers
reference-tag-bulk = Many at once, and what changed
reference-tag-federation = Questions to all partners
reference-tag-workers = For workers
reference-tag-applications = Applications
reference-tag-erasures = Contact and erasures
reference-tag-rights = Rights of workers
reference-tag-clients = Connected systems
reference-tag-meta = This description
reference-begin = How to begin
reference-begin-register = Make a key pair and have your system registered here with its public half. An administrator proposes it, another approves it.
reference-begin-token = Get a token by a signed assertion. A token counts five minutes and is bound to your key.
reference-begin-try = Try your first offer without anything being stored.
reference-begin-types = Make a client with types of the OpenAPI document.
reference-server = Where tokens come from, and by which algorithms:
reference-rules = What holds everywhere
reference-rule-versions = Each offer has a version; you can make sure that you overwrite nothing that you have not seen.
reference-rule-pages = Lists come in pages; a link leads to the next one.
reference-rule-limits = Each reply says how much more you may ask.
reference-rule-once = What makes something new can safely be sent again.
reference-rule-change = What goes away is announced at least half a year before, in the replies themselves too.
reference-problems = What may be wrong
reference-problems-lead = Each error is a document (RFC 9457) of one of these types:
reference-all = Overview
reference-may = Needed:
reference-or = or
reference-operator = the token of whoever runs the machine
reference-worker = a token that a worker makes
reference-everyone = nothing, this is open to everyone
reference-parameters = Parameters
reference-in-path = (in the address)
reference-in-query = (behind the question mark)
reference-in-header = (header)
reference-required = required
reference-body = Body
reference-example = Example
reference-replies = Replies
reference-see = See
reference-try = Try it here
reference-token = Token
reference-token-hint = Of whoever runs the machine, or of a worker. It stays in this page and is kept nowhere. Tokens of systems are bound to a key, and work from the system alone.
reference-send = Send
reference-reply = Reply:
reference-failed = There was no reply. See whether the node can be reached, and try again.
reference-no-token = First fill in a token at the top of the page.
reference-changes = Mind: this really changes something at this node.
