# Verifying the log. What stands at %1, %2 is filled in by the page.

verify-tab = Verify
verify-title = Is the log right?
verify-lead = Of everything that you decided, and that somebody saw of you, there is a line in a log. Other organisations put their signatures under it. Here your own device computes whether your lines stand in it like this.
verify-start = Verify now
verify-busy = Your device is computing …
verify-holds = right
verify-wrong = not right
verify-unknown = not looked at

verify-whole = Everything is right. Your lines stand in the log as you see them here.
verify-whole-unsigned = What your browser can verify is right. It could not verify the signatures.
verify-not-whole = Something is not right. Keep the proof and show it to somebody whom you trust, or to the data protection authority.
verify-failed = It could not be verified now: the proof did not come, or cannot be read. It is made every few seconds; try again in a moment.
verify-not-yet = There is no proof yet: it is made every few seconds. Try again in a moment.
verify-no-script = Your browser cannot compute here. Download the proof and verify it with a program.

verify-origin = It is the log of { "%1" }, with { "%2" } lines of everybody together.
verify-other-log = It is another log than that of { "%1" }.
verify-who = Who cosigned?
verify-signed = { "%1" } put a signature under it.
verify-not-signed = There is no valid signature of { "%1" } under it.
verify-cosigned = { "%1" } cosigned it on { "%2" }.
verify-not-cosigned = The signature of { "%1" } is not right.
verify-quorum = Other organisations that cosigned: { "%1" }. Needed: { "%2" }.
verify-no-signatures = Your browser cannot verify these signatures (Ed25519). All else was verified. A newer browser can.
verify-kept = The log went on from what you kept ({ "%1" } lines then). Nothing in that was changed.
verify-kept-wrong = The log did not go on from what you kept ({ "%1" } lines then): something in it was changed.
verify-kept-other = What you kept is of another log.
verify-rows = Your lines that are right: { "%1" }.
verify-rows-wrong = Your lines that are right: { "%1" }. Lines that are not: { "%2" }.
verify-row = Line { "%1" }
verify-row-not-there = This line does not stand in the log like this.
verify-row-half = Of this line a part is missing.
verify-row-another = What stands here is something else than what came into the log.
verify-row-disagrees = Recipient, purpose or time is another than in the log.
verify-row-unreadable = This line cannot be read.
verify-row-erased = What it said is erased. That the line was there is right.
verify-what = What
verify-more = You see the last { "%1" } lines. The others were verified too.
verify-pending = The last things that happened are not in the proof yet. That takes a minute at most.

verify-kind-grant = You gave consent
verify-kind-withdrawal = A consent ended
verify-kind-application-grant = You applied
verify-kind-application-withdrawal = An application ended
verify-kind-disclosure = Somebody saw something of you
verify-kind-register = The register changed

verify-keep = Remember this for later, on this device
verify-forget = Forget what this device remembers
verify-remembered = Remembered. Next time your device verifies whether something in it was changed. There is nothing about you in it.
verify-keeps-nothing = Your browser keeps nothing. Download the proof instead, and compare with it later.
verify-forgotten = Forgotten.
verify-with-file = Compare with an earlier proof
verify-file = A proof that you downloaded before
verify-file-hint = The file stays on your device.
verify-file-wrong = There is no proof in this file.
verify-two = This is evidence that the log tells two stories. Keep it:

verify-yourself = Verify it yourself, without this page
verify-yourself-why = You can also download the proof and verify it with a program that need not come from us. That can be done years later too, when this system is gone.
verify-download = Download the proof
verify-means = What does this mean?
verify-means-good = Where it is right, nobody can change or deny those lines any more without being noticed.
verify-means-not = It does not prove that no line is missing. Whoever received something of you can say so: ask them at My data.
verify-means-keys = The keys of the organisations come from the register of this system, and so does what computes here. Where you do not trust these either, verify it with the program above.
verify-needs-script = Verifying on this page needs JavaScript, which your browser does not run now. Below you can download the proof and verify it in another way.
verify-by-program = With the program polder, on your own computer:
