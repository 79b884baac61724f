# Zoekvragen die medewerkers bewaren.

saved-tab = Bewaard
saved-title = Bewaarde zoekvragen
saved-lead = Alleen u ziet deze lijst. Vacatures en opleidingen zoeken wij elk uur opnieuw voor u. Mensen zoeken wij nooit vanzelf: elke keer dat u kijkt wordt opgeschreven voor de werkende, en uw organisatie mag maar een aantal keer per dag kijken.
saved-none = U bewaarde nog geen zoekvraag. Zoek iets, en kies daarna “Deze zoekvraag bewaren”.
saved-keep-this = Deze zoekvraag bewaren
saved-name = Naam
saved-how = Wij zoeken dan elk uur opnieuw. Op de eerste pagina ziet u of er iets nieuws is.
saved-how-people = Wij zoeken dan niet vanzelf: u kiest wanneer, en ziet wat nieuw is sinds de vorige keer. De zoekvraag verdwijnt als de vacature of opleiding sluit.
saved-keep = Bewaar
saved-told-kept = Bewaard.
saved-told-deleted = Verwijderd.
saved-open = Bekijk
saved-open-of = Bekijk: { $name }
saved-delete = Verwijder
saved-delete-of = Verwijder: { $name }
saved-new =
    { $count ->
        [one] 1 nieuw
       *[other] { $count } nieuw
    }
saved-since = sinds { $day }
saved-nothing = niets nieuws sinds { $day }
saved-people = wordt alleen gezocht als u kijkt
saved-mark = Nieuw
saved-opened =
    { $count ->
        [0] niets nieuws sinds { $day }.
        [one] één nieuw resultaat sinds { $day }.
       *[other] { $count } nieuwe resultaten sinds { $day }.
    }
saved-to-results = Naar de resultaten
saved-travel = vanaf { $from }, { $mode }, { $minutes } minuten
saved-hours-min = minstens { $hours } uur
saved-hours-max = hoogstens { $hours } uur
saved-about-vacancy = voor vacature { $title }
saved-about-training = voor opleiding { $title }
saved-all = alles
search-wrong-name = Geef de zoekvraag een naam.
search-wrong-personal = In de naam of de woorden staat iets dat er niet in mag: een burgerservicenummer, iets over gezondheid of geloof, of een adres of telefoonnummer. Er is niets bewaard.
search-wrong-too-many = U bewaarde al zoveel zoekvragen als kan: hoogstens 50. Verwijder er eerst een.
saved-not-kept = Er is nog niets bewaard. Verbeter dit eerst:
