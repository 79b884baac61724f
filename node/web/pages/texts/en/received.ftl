# Applications that came in, and what staff is to erase.

desk-menu-applications = Applications
desk-menu-erasures = Erasing

desk-home-waits = This waits for you
desk-home-applications =
    { $count ->
        [one] One application is not dealt with yet
       *[other] { $count } applications are not dealt with yet
    }
desk-home-applications-why = The worker waits for your answer.
desk-home-erasures =
    { $count ->
        [one] Once to erase
       *[other] { $count } times to erase
    }
desk-home-erasures-why = Somebody shares something with your organisation no more. Erase what you wrote down, and confirm it.

received-title = Applications
received-lead = Who applies to a vacancy of your organisation, newest first. You see exactly what the worker wanted to show you.
received-for = For which vacancy
received-all = All vacancies
received-count =
    { $count ->
        [one] one application
       *[other] { $count } applications
    }
received-show = Show
received-none = There are no applications now.
received-nameless = Application { $number }
received-no-vacancy = The vacancy is gone
received-at = Came in on { $moment }
received-until = to be used until { $day }
received-rule = When a worker stops an application, or its time is over, it disappears from here with all that was in it. What you then have to erase yourself is at
received-state-received = Received
received-state-closed = Dealt with
received-told-received = Noted. Within some minutes the worker sees again: Received.
received-told-closed = Noted. Within some minutes the worker sees: Dealt with.
received-kept = You may use this until { $moment }. The worker sees the same time. After that it disappears here, and you are to erase what you wrote down of it too. If the worker stops sooner, you are to erase at once. So copy nothing that you need not.
received-longer = Need more time?
received-longer-why = Ask the worker whether you may stay in touch. If they say yes, “Contact” shows how to reach them, also when this application is gone here.
received-matched = What you ask, and the worker names
received-sent = What the worker sent you
received-status = What the worker sees
received-close-why = The worker sees now: Received. When you are done with this application, the worker sees: Dealt with. Tell them yourself what you decided: it does not say that.
received-close = I am done with this application
received-reopen-why = The worker sees now: Dealt with. If you go on with it after all, the worker sees again: Received.
received-reopen = Take it up again
problem-application-gone = This application is gone, with all that was in it. The worker stopped it or changed it, or its time was over. One that was changed is in the list anew. Erase what you wrote down of it yourself.

erasing-title = Erasing
erasing-lead = These people share this with your organisation no more, or changed it. Erase what you and your colleagues wrote down or stored of it. There is no name: we have none. You know the worker by the key, the day and the vacancy or training, and sometimes by the line of your search.
erasing-none = There is nothing to erase.
erasing-item = To erase since { $day }
erasing-looked = Looked at here on:
erasing-looked-unknown = When this was looked at here is not known any more.
erasing-for-vacancy = for { $title }
erasing-for-key-vacancy = for the vacancy with key { $key }
erasing-for-key-training = for the training with key { $key }
erasing-applied = This application came in on:
erasing-for-training = for the training { $title }
erasing-only = Erase only this:
erasing-all = Erase what you got of this worker for this. What you got for something else, and may still use, may stay.
erasing-where = Think of your own system, e-mail, notes, shared folders and paper.
erasing-sure = All { $count } above are erased everywhere.
erasing-this = This is erased everywhere.
erasing-done = Confirm that it is erased
erasing-told = Noted. The worker sees that it is erased as soon as your systems have said so too.
erasing-changed = Nothing is noted: the list has changed meanwhile. This is the list as it is now.
erasing-more =
    { $count ->
        [one] After that there is one more.
       *[other] After that there are { $count } more.
    }
erasing-law = Does a law make you keep something? Then do not tick it, but ask your administrator: the system says by which law, and until when.
received-same = All applications to this vacancy
erasing-not-ticked = You ticked nothing yet. Tick what you erased, or tick all of it at the end. Nothing is noted.
