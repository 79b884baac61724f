# Vacatures van de landelijke uitwisseling (VUM), naast die van de partners.

exchange-title = Via de landelijke uitwisseling
exchange-lead = Deze vacatures komen van gemeenten, UWV en anderen in het land (VUM), en niet van partners in onze regio. De volgorde is van ons, naar wat er van elke vacature te zien is.
exchange-hint = Vult u een plaats in, dan vragen wij het ook aan de landelijke uitwisseling (VUM).
exchange-to = Naar wat de landelijke uitwisseling heeft
exchange-busy = De uitwisseling antwoordt…
exchange-found =
    { $count ->
        [0] De uitwisseling heeft niets dat past.
        [one] 1 vacature past.
       *[other] { $count } vacatures passen.
    }
exchange-part = U ziet de eerste { $shown } van { $count }. Vraag preciezer om de andere te zien.
exchange-more = De uitwisseling heeft er meer dan zij stuurt. Vraag preciezer.
exchange-occupation = Het beroep is niet meegevraagd. Dat kan alleen bij één beroep waarvoor wij de code van CompetentNL hebben, zonder vaardigheden of woorden erbij.
exchange-unread =
    { $count ->
        [one] 1 vacature konden wij niet lezen.
       *[other] { $count } vacatures konden wij niet lezen.
    }
exchange-host = Meer staat op { $host }. Wij weten niet van wie dat adres is; daarom is het geen link.
exchange-no-place = Hier is nog niets gevraagd. Vul een plaats in en hoeveel minuten reizen hoogstens.
exchange-slow = De uitwisseling antwoordde niet op tijd. Wat de partners hebben, ziet u hierboven. Vraag het straks opnieuw.
exchange-unreachable = De uitwisseling is niet bereikbaar. Wat de partners hebben, ziet u hierboven. Blijft dat zo, zeg het dan tegen uw beheerder.
exchange-refused = De uitwisseling wijst onze vraag af. Wat de partners hebben, ziet u hierboven. Zeg het tegen uw beheerder.
exchange-later = De uitwisseling neemt nu geen vragen aan. Wat de partners hebben, ziet u hierboven. Vraag het straks opnieuw.
exchange-busy-here = Er worden nu te veel vragen tegelijk gesteld aan de uitwisseling. Wat de partners hebben, ziet u hierboven. Vraag het opnieuw.
exchange-unreadable = Wij konden het antwoord van de uitwisseling niet lezen. Wat de partners hebben, ziet u hierboven. Zeg het tegen uw beheerder.
