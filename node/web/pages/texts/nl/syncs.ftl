# De pagina met de cursussystemen van scholen.

desk-menu-syncs = Scholen
home-syncs = welke cursussystemen dit knooppunt leest, en wat het niet kon overnemen
syncs-title = Opleidingen van scholen
syncs-lead = Dit knooppunt leest het cursusaanbod van deze scholen en maakt er opleidingen van. Wat de school verandert, verandert hier bij de volgende keer mee.
syncs-told = { $name } wordt nu gelezen. Vernieuw deze pagina om te zien hoe ver het is.
syncs-none = Er is nog geen school ingesteld. Zet het adres van haar catalogus (Open Onderwijs API, versie 5 of 6) in de configuratie van het knooppunt, en start het opnieuw:

sync-state-reading = wordt gelezen
sync-state-whole = helemaal gelezen
sync-state-broken-off = afgebroken
sync-state-lost-too-much = er ontbreekt te veel
sync-state-never = nog niet gelezen
sync-lost-why = De school had ineens veel minder aanbod. Daarom is niets ingetrokken. Vraag de school of haar catalogus klopt. Klopt hij? Zet dan most_lost_percent in de configuratie hoger.
sync-now = Bezig met { $stage }, pagina { $page }. Begonnen op { $moment }.
sync-stage-organisations = organisaties
sync-stage-learning-outcomes = leeruitkomsten
sync-stage-programmes = opleidingen
sync-stage-courses = cursussen
sync-stage-missing = wat ontbreekt
sync-last = Laatst gelezen
sync-never = nog nooit
sync-next = Volgende keer
sync-at-once = nu
sync-read = Lees nu
sync-found = Gevonden
sync-found-what = { $programmes } opleidingen, { $courses } cursussen, { $offerings } startmomenten
sync-changed = Opleidingen hier
sync-changed-what = { $created } nieuw, { $replaced } gewijzigd, { $unchanged } gelijk gebleven
sync-gone = Ingetrokken
sync-gone-what = { $ended } die de school niet meer aanbiedt, { $withdrawn } die twee keer ontbraken of nu van een andere organisatie zijn
sync-missing =
    { $count ->
        [one] Eén opleiding ontbrak nu voor het eerst, of is van een andere organisatie, en blijft nog staan
       *[other] { $count } opleidingen ontbraken nu voor het eerst, of zijn van een andere organisatie, en blijven nog staan
    }
sync-refused = Niet overgenomen
sync-refused-what =
    { $count ->
        [0] niets
       *[other] { $count }
    }
sync-not-mapped = Niet overgenomen
sync-not-mapped-why = Hiervan kon geen opleiding worden gemaakt. Stond er al een, dan is die gebleven zoals hij was. De school kan dit in haar catalogus verbeteren.
sync-where = Waar in de catalogus
sync-field = Veld
sync-wrong = Wat er mis is
sync-lost = Wat niet helemaal is overgenomen
sync-lost-of = Deze opleidingen staan er wel, maar niet elk veld kon precies zo mee.
sync-became = Wat ermee is gebeurd
sync-count = Bij hoeveel
sync-more = En nog { $count }. Alles staat in: polder sync --report { $name }
sync-show = Bekijk wat niet of niet helemaal is overgenomen

sync-why-not-of-the-format = Dit heeft niet de vorm die de Open Onderwijs API voorschrijft.
sync-why-encoding = Dit is geen leesbare tekst.
sync-why-document-type = Dit begint met een DOCTYPE. Dat nemen we niet aan.
sync-why-too-much = Dit is te groot.
sync-why-nothing-found = Er staat niets in.
sync-why-missing = Dit veld ontbreekt.
sync-why-key-twice = Er is al iets anders met deze id.
sync-why-rule = Dit mag niet in een opleiding staan, of niet zo.
sync-why-offerings = De startmomenten waren niet te lezen.
sync-why-another-organisation = Deze school wordt niet voor die organisatie gelezen. Zet haar KvK-nummer bij 'for' in de configuratie als dat wel mag.
sync-why-too-many = Dit knooppunt heeft zoveel aanbod als er mag zijn.
sync-why-other = Dit kon niet worden overgenomen.

sync-loss-kept-as-text = staat als tekst in de beschrijving
sync-loss-left-out = weggelaten
sync-loss-not-understood = niet begrepen, en weggelaten
sync-loss-shortened = ingekort
sync-loss-list-shortened = de lijst is ingekort
sync-loss-assumed = stond er niet; er is iets aangenomen
sync-loss-unknown-field = onbekend veld, weggelaten
sync-loss-more = en nog meer
sync-loss-other = anders geworden

sync-trouble-no-reply = De school antwoordde niet op tijd. Het gaat vanzelf verder.
sync-trouble-connection-refused = De verbinding is geweigerd: op dat adres draait nu geen programma. Het wordt vanzelf opnieuw geprobeerd.
sync-trouble-no-way = Er is geen weg naar dat adres: het netwerk of een firewall laat het niet door. Het wordt vanzelf opnieuw geprobeerd.
sync-trouble-no-name = De naam van de computer van de school leidt nergens heen. Klopt het adres?
sync-trouble-cut = De verbinding is verbroken. Het gaat vanzelf verder.
sync-trouble-not-trusted = Dit knooppunt vertrouwt het certificaat van de computer van de school niet. Vraag de school of het klopt.
sync-trouble-not-reached = De verbinding is mislukt. Het wordt vanzelf opnieuw geprobeerd.
sync-trouble-status = De school gaf een ander antwoord dan gevraagd. Het gaat vanzelf verder.
sync-trouble-elsewhere = De school verwijst naar een andere server. Dat volgen we niet: zet dat adres in de configuratie.
sync-trouble-too-large = Het antwoord was te groot.
sync-trouble-no-token = De server die toegang geeft tot de catalogus, gaf geen toegang. Waarom staat in het logboek van de node.
sync-trouble-no-service = Op dit adres staat geen catalogus. Klopt het adres?
sync-trouble-not-json = Het antwoord is geen JSON.
sync-trouble-no-version = De catalogus zegt niet of het versie 5 of 6 van de Open Onderwijs API is.
sync-trouble-no-page = Het antwoord is geen pagina van de Open Onderwijs API.
sync-trouble-collection-gone = Een deel van de catalogus dat er eerst was, is er nu niet.
sync-trouble-goes-round = De school geeft steeds dezelfde pagina's. Het begint opnieuw.
sync-trouble-other = De catalogus was niet te lezen.

warn-sync-broken-off = Het lezen van { $text } is afgebroken. Blijft dat zo? Bel de school.
warn-sync-lost-too-much = Bij { $text } ontbreekt ineens veel. Er is niets ingetrokken. Vraag de school of haar catalogus klopt.
