# Vacatures en opleidingen die passen.

work-tab = Werk
training-tab = Opleidingen
find-title-vacancy = Werk dat bij u past
find-title-training = Opleidingen die bij u passen
find-lead-vacancy =
    { $count ->
        [one] Wij vroegen het aan één organisatie. Wat het beste past, staat bovenaan.
       *[other] Wij vroegen het aan { $count } organisaties. Wat het beste past, staat bovenaan.
    }
find-lead-training =
    { $count ->
        [one] Wij vroegen het aan één organisatie. U ziet wat u kunt leren voor het werk dat u wilt.
       *[other] Wij vroegen het aan { $count } organisaties. U ziet wat u kunt leren voor het werk dat u wilt.
    }
find-asked = Wat ging mee met de zoekvraag?
find-asked-why = Uit uw profiel ging dit mee, zonder naam. De organisaties weten niet wie er zoekt, en bewaren de vraag niet.
find-asked-all = Alles wat voor u is gevraagd
find-words-vacancy = Zoek op een woord, zoals lasser of kinderopvang
find-words-training = Zoek op een woord, zoals lassen of Excel
find-look = Zoek
find-asked-words = de woorden die u typte
find-by-words = U zocht op “{ $words }”. Uw beroepen en vaardigheden telden daarbij niet mee.
find-by-profile = Zoek weer met mijn profiel
find-place-unknown = Uw postcode kennen wij hier niet. Daarom keken wij niet naar de afstand. Zet in uw profiel een plaats die dichtbij ligt; dan kijken wij er wel naar.
find-missing =
    { $count ->
        [one] Eén organisatie gaf geen antwoord
       *[other] { $count } organisaties gaven geen antwoord
    }
find-through = via { $name }
find-hours = Uren per week:
find-price = Kosten: { $price }
find-price-noted = Kosten: { $price } ({ $note })
find-start = Begint op
find-closes-vacancy = Reageren kan tot en met
find-closes-training = Aanmelden kan tot en met
find-why = Waarom dit past
find-more-of = Meer over { $title }
find-link = Naar de site van { $name }
find-host = Meer staat op { $host }. Dat adres is in het ledenregister niet van deze organisatie; daarom is het geen link.
find-nothing-vacancy = Er is nu geen vacature die past.
find-nothing-vacancy-words = Er is nu geen vacature die bij deze woorden past. Probeer andere woorden.
find-nothing-training = Er is nu geen opleiding die past. Zet in uw profiel welk beroep u wilt; dan zien wij wat u nog kunt leren.
find-nothing-training-wanted = Er is nu geen opleiding die past bij het beroep dat u wilt en bij wat u nog kunt leren. Kijk later nog eens, of pas uw profiel aan.
find-nothing-training-words = Er is nu geen opleiding die bij deze woorden past. Probeer andere woorden.
find-profile = Naar mijn profiel
find-more-there-are = Er is meer dan u hier ziet. Wat het beste past, staat bovenaan.
find-further = Toon de volgende 10
find-back = Terug naar de vorige 10
find-part = U ziet nu wat daarna het beste past, vanaf nummer { $first }.

why-occupations-vacancy = Het beroep dat u wilt:
why-occupations-training = Voor het beroep dat u wilt:
why-alike-vacancy = Lijkt op het beroep dat u wilt:
why-alike-training = Voor een beroep dat lijkt op wat u wilt:
why-skills-vacancy = Dit kunt u:
why-skills-training = Dit leert u:
why-near-vacancy = Dit lijkt op wat u kunt:
why-near-training = U leert iets dat hierop lijkt:
why-remote-vacancy = U kunt dit werk thuis doen
why-remote-training = U kunt dit online volgen
why-minutes =
    { $minutes ->
        [0] Minder dan een minuut
        [one] Eén minuut
       *[other] { $minutes } minuten
    }
why-kilometres = { $kilometres } kilometer
why-hours = De uren passen
why-days =
    { $days ->
        [0] Vandaag geplaatst of veranderd
        [one] Gisteren geplaatst of veranderd
       *[other] { $days } dagen geleden geplaatst of veranderd
    }


field-motivation = motivatie
offer-motivation = Motivatie

applications-tab = Mijn sollicitaties
find-apply = Solliciteren
find-apply-to = Solliciteren op { $title } bij { $name }

apply-title = Solliciteren
apply-lead = Alleen { $name } ziet wat u hier kiest. Niemand anders.
apply-what = Wat stuurt u mee?
apply-what-why = Niets is verplicht, en er staat nog niets aan. Kies wel hoe zij u kunnen bereiken, anders kunnen zij niet antwoorden.
apply-more = Staat er iets niet bij? Zet het eerst in uw profiel.
apply-motivation = Waarom past dit werk bij u?
apply-motivation-hint = Dit hoeft niet. Hoogstens { $longest } tekens. Schrijf niets over uw gezondheid of geloof, en geen burgerservicenummer of adres.
apply-look = Bekijk wat zij zien
apply-nothing-yet = U stuurt nog niets. U ziet eerst precies wat zij zien.
apply-wrong-long = Uw tekst is te lang: hoogstens { $longest } tekens. Er is niets verstuurd.
apply-wrong-personal = In uw tekst staat iets dat er niet in mag: een burgerservicenummer, iets over gezondheid of geloof, of een adres of telefoonnummer. Hoe zij u bereiken kiest u hieronder. Er is niets verstuurd.
apply-wrong-nothing = Kies iets uit uw profiel, of schrijf iets. Er is niets verstuurd.

applying-title = Klopt uw sollicitatie?
applying-preview = Dit ziet { $name }
applying-no = Nee, niet versturen
applying-yes = Ja, verstuur
applying-change = Iets veranderen

applications-title = Mijn sollicitaties
applications-sent = Uw sollicitatie is op weg. Hier ziet u wat ervan komt.
applications-none = U hebt nog niet gesolliciteerd.
applications-find = Zoek werk
applications-at = Verstuurd op { $moment }
applications-what = Wat u stuurde
applications-withdraw = Stoppen
applications-withdraw-of = Stoppen met de sollicitatie op { $title }

application-waiting = Op weg
application-received = Ontvangen
application-closed = Afgehandeld
application-refused = De vacature is er niet meer
application-withdrawn = Door u gestopt
find-also = (ook: { $name })
find-now = Zoek nu
find-again = Zoek opnieuw
find-busy = Wij vragen het aan iedereen …
find-results = Wat past
find-incomplete = Niet iedereen antwoordde:
find-failed = Zoeken lukte nu niet. Probeer het later opnieuw.
find-free = Gratis

application-over = Voorbij
find-applied = U solliciteerde hierop op { $day }
apply-lead-through = Alleen { $by } ziet wat u hier kiest, via { $name }, die de vacature plaatste. Niemand anders.

why-times = De dagdelen passen bij uw week
why-pay = Het loon past bij wat u wilt
but-times = Let op: er is ook werk op { $parts }. Dat past niet in uw week.
but-pay = Let op: het loon is lager dan u wilt.
but-unseen = Hier is niet gekeken naar: { $what }.
find-ways-vacancy = Ook zo kunt u solliciteren
find-ways-training = Zo meldt u zich aan
find-asked-of =
    { $count ->
        [one] Wij vroegen het aan één organisatie.
       *[other] Wij vroegen het aan { $count } organisaties.
    }
find-widen = Misschien laat één wens veel afvallen. Kijk wat er is als wij daar niet op letten:
find-widen-without = Niet letten op: { $what }
find-without = Hier is niet gekeken naar: { $what }.
find-without-not = Zoek weer met alles uit mijn profiel
applications-withdrawn = Gestopt. De organisatie moet wissen wat zij voor deze sollicitatie kreeg. Uw andere sollicitaties lopen door.
applications-stop = Stopt u met een sollicitatie, dan moet de organisatie wissen wat zij daarvoor kreeg. Uw andere sollicitaties lopen door.
applications-until = Zij mogen dit gebruiken tot { $moment }. Daarna moeten zij het wissen, ook als de vacature nog open staat; u kunt dan opnieuw solliciteren.
week-more = { $before }, -{ $time }
week-last = { $before } en -{ $time }
find-to-map = Naar de kaart
but-lacks = Gevraagd, niet in uw profiel: { $what }.
lacks-licence = rijbewijs { $what }
lacks-education = opleiding { $what }
find-of = (hoort bij { $name })
