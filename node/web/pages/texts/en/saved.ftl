# Searches that staff saves.

saved-tab = Saved
saved-title = Saved searches
saved-lead = Only you see this list. For vacancies and trainings we search anew every hour. For people we never search by ourselves: each time you look is written down for the worker, and your organisation may look only so often in a day.
saved-none = You have not saved a search yet. Search for something, and then choose “Save this search”.
saved-keep-this = Save this search
saved-name = Name
saved-how = We then search anew every hour. The first page tells you if there is something new.
saved-how-people = We do not search by ourselves then: you choose when, and see what is new since the last time. The search disappears when the vacancy or training closes.
saved-keep = Save
saved-told-kept = Saved.
saved-told-deleted = Deleted.
saved-open = Look
saved-open-of = Look: { $name }
saved-delete = Delete
saved-delete-of = Delete: { $name }
saved-new =
    { $count ->
        [one] 1 new
       *[other] { $count } new
    }
saved-since = since { $day }
saved-nothing = nothing new since { $day }
saved-people = searched only when you look
saved-mark = New
saved-opened =
    { $count ->
        [0] nothing new since { $day }.
        [one] one new result since { $day }.
       *[other] { $count } new results since { $day }.
    }
saved-to-results = To the results
saved-travel = from { $from }, { $mode }, { $minutes } minutes
saved-hours-min = { $hours } hours at least
saved-hours-max = { $hours } hours at most
saved-about-vacancy = for vacancy { $title }
saved-about-training = for training { $title }
saved-all = everything
search-wrong-name = Give the search a name.
search-wrong-personal = The name or the words hold something that may not be there: a citizen service number, something about health or faith, or an address or telephone number. Nothing was saved.
search-wrong-too-many = You have saved as many searches as you can: 50 at most. Delete one first.
saved-not-kept = Nothing was saved yet. Correct this first:
