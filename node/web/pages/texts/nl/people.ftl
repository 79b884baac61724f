# Zoeken bij de balie: mensen voor een vacature, en wat een lijst met resultaten zegt.

people-pick = Kies een vacature
people-pick-why = Wij vullen dan in wat deze vacature vraagt. Daarna kunt u dat nog wijzigen. De werkende ziet voor welke vacature u keek.
people-pick-more = Staat de vacature er niet bij? Kies haar in de lijst:
people-go-on = Verder
people-for = U zoekt mensen voor:
people-only = Dit is de enige vacature van uw organisatie die open is.
people-other = Andere vacature
people-taken-over = Hieronder staat wat deze vacature vraagt: vaardigheden, plaats en uren. U kunt het wijzigen.
people-takes-nothing = Deze vacature noemt geen vaardigheden, plaats of uren. Vul zelf in wat u zoekt, of vul de vacature aan.
people-take-over = Neem weer over wat deze vacature vraagt
people-from-why = Wie u geen postcode laat zien, valt met een plaats af. Maak de plaats en de minuten leeg om ook hen te zien.

search-part = U ziet { $first } tot en met { $last } van { $all }.
search-part-asks = Voor de volgende vragen wij alle partners opnieuw. Is er intussen iets veranderd, dan kan de volgorde anders zijn.
search-part-asks-people = Voor de volgende vragen wij alle partners opnieuw. Werkenden zien dan dat u nog een keer keek.
search-part-next =
    { $count ->
        [one] Volgende
       *[other] Volgende { $count }
    }
search-part-first = Terug naar het begin
search-missing-more =
    { $count ->
        [one] en nog één partner
       *[other] en nog { $count } partners
    }
reason-others =
    { $count ->
        [one] en nog één reden
       *[other] en nog { $count } redenen
    }
fact-can = Kan: { $what }
fact-more = en nog { $count }
fact-pay = Salaris
fact-start = Begint op
fact-hours = { $hours } uur per week
fact-at-least = vanaf { $amount }
fact-at-most = tot { $amount }
fact-somebody-wants = Zoekt werk als { $what }
fact-somebody-was = Werkte als { $what }
fact-somebody-can = Kan: { $what }

reaching-title = Contact opnemen
reaching-why = De werkende ziet dat u de contactgegevens bekijkt, en voor welke vacature.
reaching-closed = De vacature waarvoor u vroeg ({ $title }) is niet meer open. Daarvoor kunt u geen contact meer opnemen. Vraag de werkende opnieuw, voor een vacature die open is:
reaching-show = Toon de contactgegevens
reaching-no-vacancy = Contact neemt u op voor een vacature die open is. Uw organisatie heeft er nu geen.
