# Zoeken bij de balie: mensen voor een vacature, en wat een lijst met resultaten zegt.

people-pick = Kies uit de lijst
people-pick-why = Wij vullen dan in wat daarbij hoort. Daarna kunt u dat nog wijzigen. De werkende ziet waarvoor u keek.
people-pick-more-vacancy = Staat de vacature er niet bij? Kies die dan in de lijst:
people-pick-more-training = Staat de opleiding er niet bij? Kies die dan in de lijst:
people-go-on = Verder
people-for-vacancy = U zoekt mensen voor:
people-for-training = U zoekt mensen voor de opleiding:
people-only-vacancy = Dit is de enige vacature van uw organisatie die open is.
people-only-training = Dit is de enige opleiding van uw organisatie die open is.
people-other = Andere vacature of opleiding
people-taken-over-vacancy = Hieronder staat wat deze vacature vraagt: vaardigheden, plaats en uren. U kunt het wijzigen.
people-taken-over-training = Hieronder staat wat bij deze opleiding hoort: wat men al moet kunnen, voor welke beroepen zij opleidt, en de plaats. U kunt het wijzigen.
people-takes-nothing-vacancy = Deze vacature noemt geen vaardigheden, plaats of uren. Vul zelf in wat u zoekt, of vul de vacature aan.
people-takes-nothing-training = Deze opleiding noemt niet wat men al moet kunnen, geen beroepen, en niet één plaats. Vul zelf in wat u zoekt, of vul de opleiding aan.
people-take-over-vacancy = Neem weer over wat deze vacature vraagt
people-take-over-training = Neem weer over wat bij deze opleiding hoort
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
fact-pay = Loon
fact-start = Begint op
fact-hours = { $hours } uur per week
fact-at-least = vanaf { $amount }
fact-at-most = tot { $amount }
fact-somebody-wants = Zoekt werk als { $what }
fact-somebody-was = Werkte als { $what }
fact-somebody-can = Kan: { $what }

reaching-title = Contact opnemen
reaching-why = De werkende ziet dat u de contactgegevens bekijkt, en waarvoor.
reaching-closed-vacancy = De vacature waarvoor u vroeg ({ $title }) is niet meer open. Daarvoor kunt u geen contact meer opnemen. Vraag de werkende opnieuw, voor een vacature die open is:
reaching-closed-training = De opleiding waarvoor u vroeg ({ $title }) is niet meer open. Daarvoor kunt u geen contact meer opnemen. Vraag de werkende opnieuw, voor een opleiding die open is:
reaching-show = Toon de contactgegevens
reaching-no-own = Contact neemt u op voor een vacature of opleiding die open is. Uw organisatie heeft er nu geen.

search-asked = Gevraagd: { $what }
search-more-criteria = Meer eisen
search-silent-vacancy = Zegt een vacature hier niets over, dan blijft zij staan. Op dagdelen zoeken kan niet: die staan bij elk resultaat.
search-silent-training = Zegt een opleiding hier niets over, dan blijft zij staan.
search-silent-skill-offer = Laat iemand u hiervan niets zien, dan blijft hij of zij staan. Op dagdelen zoeken kan niet: die staan bij elk resultaat.
search-level-max-vacancy = Opleiding die wordt gevraagd, hoogstens
search-level-min-training = Niveau, minstens
search-level-max-training = Niveau, hoogstens
search-level-min-skill-offer = Opleiding, minstens
search-sector = Sector
search-start-from-vacancy = Eerste werkdag, op zijn vroegst
search-start-until-vacancy = Eerste werkdag, op zijn laatst
search-start-from-training = Begint op zijn vroegst op
search-start-until-training = Begint op zijn laatst op
search-start-until-skill-offer = Kan op zijn laatst beginnen op
search-contracts-vacancy = Soort contract: een van deze
search-contracts-skill-offer = Soort contract dat iemand wil: een van deze
search-licences = Rijbewijs dat iemand heeft
search-licences-hint = Vink alles aan wat iemand heeft. Vacatures die een ander rijbewijs vragen, vallen dan af.
search-no-licence = heeft geen rijbewijs
search-languages = Talen die iemand spreekt
search-languages-hint = Vul alle talen in. Vacatures die een andere taal vragen, of een hoger niveau, vallen dan af.
search-sharing = Alleen werkgevers die het goed vinden dat iemand ook ergens anders werkt
search-wrong-level = Kies een niveau uit de lijst. Het laagste niveau is niet hoger dan het hoogste.
search-wrong-start = Schrijf een dag als jaar, maand en dag, zoals 2027-01-31. De eerste dag ligt niet na de laatste.
asks-level-max-vacancy = opleiding hoogstens { $what }
asks-level-min-training = niveau minstens { $what }
asks-level-max-training = niveau hoogstens { $what }
asks-level-min-skill-offer = opleiding minstens { $what }
asks-contracts = contract: { $what }
asks-sector = sector: { $what }
asks-start-from-vacancy = begint vanaf { $what }
asks-start-until-vacancy = begint uiterlijk { $what }
asks-start-from-training = begint vanaf { $what }
asks-start-until-training = begint uiterlijk { $what }
asks-start-until-skill-offer = kan uiterlijk beginnen op { $what }
asks-licences = heeft rijbewijs { $what }
asks-languages = spreekt { $what }
search-ways-vacancy = Zo solliciteert men
search-ways-training = Zo meldt men zich aan
search-ways-skill-offer = Contact

fact-instructions = Wat te sturen of mee te nemen
fact-weeks = week { $from } tot en met { $to }
fact-season = Seizoen
fact-percent = { $share } procent
fact-remote = Op afstand
fact-may = dat mag
fact-sharing = Ook bij een andere werkgever werken
fact-positions = Aantal mensen
fact-sector = Sector
fact-closes = Reageren kan tot en met
fact-required = Wat men al moet kunnen
fact-level = Niveau
fact-duration = Duur
fact-week-count =
    { $count ->
        [one] 1 week
       *[other] { $count } weken
    }
fact-load = Studielast
load-hours = { $count } uur
load-sbu = { $count } studiebelastingsuren
load-ects = { $count } studiepunten (EC)
fact-editions = Wanneer en waar
fact-price = Kosten
fact-funding = Te betalen met
funding-slim = SLIM-subsidie
funding-sectoral-fund = een fonds van de sector
funding-student-finance = studiefinanciering
funding-lifelong-learning-credit = levenlanglerenkrediet
funding-municipal = geld van de gemeente
funding-employer = geld van de werkgever
funding-none = eigen geld
fact-next = Daarna kan men leren
asked-about-none = De werkende weet niet waarvoor u vraagt. Het knooppunt van de partner kan dat nog niet tonen, of de vraag noemde geen vacature of opleiding.
search-wrong-licences = U vinkte een rijbewijs aan, en ook “heeft geen rijbewijs”. Kies een van de twee.
people-anywhere-why = U zocht met een plaats. Wie u geen postcode laat zien, valt dan af: ook als alles verder past.
people-anywhere = Zoek zonder plaats
person-numbered = Werkende { $number }
search-own-offer = Van uw eigen organisatie.
search-counts = Plaats, reistijd, uren en “Meer eisen” sluiten uit wat niet past. Van de beroepen, vaardigheden en woorden die u vraagt, is er minstens één nodig: wat er meer van heeft, staat hoger.
search-elsewhere = Deze vraag is gesteld voordat u inlogde, of door iemand anders. Wat er gevraagd werd, staat alleen in die sessie. Stel de vraag opnieuw.
search-to-map = Naar de kaart
search-to-list = Terug naar de lijst
