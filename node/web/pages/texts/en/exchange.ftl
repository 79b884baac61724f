# Vacancies of the national exchange (VUM), beside those of partners.

exchange-title = Through the national exchange
exchange-lead = These vacancies come from municipalities, UWV and others in the country (VUM), and not from partners in our region. Their order is ours, by what can be seen of each vacancy.
exchange-hint = If you fill in a place, we also ask the national exchange (VUM).
exchange-to = To what the national exchange has
exchange-busy = The exchange answers…
exchange-found =
    { $count ->
        [0] The exchange has nothing that fits.
        [one] 1 vacancy fits.
       *[other] { $count } vacancies fit.
    }
exchange-part = You see the first { $shown } of { $count }. Ask more precisely to see the others.
exchange-more = The exchange has more than it sends. Ask more precisely.
exchange-occupation = The occupation was not asked for. That is done only with one occupation of which we have the CompetentNL code, without skills or words beside it.
exchange-unread =
    { $count ->
        [one] 1 vacancy could not be read.
       *[other] { $count } vacancies could not be read.
    }
exchange-host = There is more at { $host }. We do not know whose address that is, so it is no link.
exchange-no-place = Nothing was asked here yet. Fill in a place, and how many minutes of travel at most.
exchange-slow = The exchange did not answer in time. What partners have, you see above. Ask again in a while.
exchange-unreachable = The exchange cannot be reached. What partners have, you see above. If it stays so, tell your administrator.
exchange-refused = The exchange refuses our question. What partners have, you see above. Tell your administrator.
exchange-later = The exchange takes no questions now. What partners have, you see above. Ask again in a while.
exchange-busy-here = Too many questions are asked of the exchange at once. What partners have, you see above. Ask again.
exchange-unreadable = We could not read the answer of the exchange. What partners have, you see above. Tell your administrator.
