# De pagina's voor de beheerder.

administrator-menu = partners register clients syncs ledger node
desk-menu-partners = Partners
desk-menu-register = Ledenregister
desk-menu-clients = Systemen
desk-menu-ledger = Logboek
desk-menu-node = Knooppunt

home-to-look-at =
    { $count ->
        [0] alles in orde
        [one] één ding om naar te kijken
       *[other] { $count } dingen om naar te kijken
    }
home-waits =
    { $count ->
        [one] Eén wacht
       *[other] { $count } wachten
    }
home-administrator = Hoe gaat het met het knooppunt?
home-partners = wie bereikbaar is, en wat er in de wachtrij staat
home-register = tot wanneer het ledenregister geldt, en wat een voorstel verandert
home-clients = welke systemen dit knooppunt gebruiken
home-ledger = wat er over mensen is verstrekt, en wie daar getuige van is
home-node = ruimte, versie en instellingen

partners-title = Partners
partners-lead = { $reached } van de { $total } partners die meedoen, antwoordden toen dit knooppunt hen het laatst aanriep.
partners-urgent =
    { $count ->
        [0] Nergens is nu iets aan de hand.
        [one] Bij één partner is iets aan de hand: die staat bovenaan.
       *[other] Bij { $count } partners is iets aan de hand: die staan bovenaan.
    }
partners-try = Probeer deze partners nu
partners-tried =
    { $count ->
        [one] Eén partner is net geprobeerd. Hieronder staat hoe dat ging.
       *[other] { $count } partners zijn net geprobeerd. Hieronder staat hoe dat ging.
    }
partners-partner = Partner
partners-state = Stand
partners-took = Antwoordt in
partners-waiting = In de wachtrij
partners-before = Vorige
partners-after = Volgende
partners-page = Pagina { $page } van { $pages }
partners-slow = Wie het traagst antwoordt, van wie bereikbaar zijn
partners-most-waiting = Voor wie het meeste wacht
partners-nothing-waits = Er wacht niets: elke partner heeft alles gekregen wat voor haar was.
partners-none = Er zijn nog geen andere partners in het ledenregister.
partners-back = Alle partners
partner-state-reached = bereikbaar
partner-state-failing = niet bereikbaar
partner-state-not-called = nog niet geprobeerd
partner-state-suspended = geschorst
partner-state-expelled = uitgesloten
partner-why = Deze partner { $reason }.
partner-try = Probeer nu
partner-tried-good = De partner antwoordde.
partner-tried-bad = De partner antwoordde niet zoals het hoort.
partner-contact = Contact
partner-reached = Laatst bereikt
partner-not-since-start = niet sinds dit knooppunt werd gestart
partner-detail = Wat er misging
partner-took = Tijd tot het antwoord
partner-took-usual = meestal { $ms } ms
partner-waiting = Wacht op deze partner
partner-waiting-since = de oudste sinds { $moment }
partner-version = Versie van het programma
partner-register = Versie van de ledenlijst
partner-not-said = niet gehoord
partner-ours = (hier: { $ours })
partner-ahead = Klok
partner-ahead-ms = { $ms } ms voor op deze
partner-behind-ms = { $ms } ms achter op deze
partner-in-register = In het ledenregister
partner-id = Kenmerk van de partner
partner-region = Regio
partner-roles = Rollen
partner-status = Stand in de ledenlijst
partner-status-since = sinds versie { $version } van de ledenlijst
partner-address = Adres van het knooppunt
partner-purposes = Mag vragen om
partner-acts-for = Treedt op voor
partner-hosts = Mag verwijzen naar

warn-partner-failing = Niet bereikbaar sinds { $moment }. Blijft dat zo? Bel de beheerder van deze partner.
warn-partner-late = Heeft sinds { $moment } niet bevestigd wat voor haar klaarstaat. Bel haar beheerder: na { $count } uur krijgt zij niets meer over mensen.
warn-partner-overdue = Heeft sinds { $moment } niet bevestigd wat voor haar klaarstaat, langer dan { $count } uur. Zij krijgt nu niets meer over mensen. Bel haar beheerder en vertel het uw functionaris.
warn-partner-key-ends = Een sleutel geldt nog { $count } dagen, tot { $moment }. De partner moet nieuwe sleutels in het ledenregister laten zetten.
warn-partner-key-over = Een sleutel geldt niet meer sinds { $moment }. De partner moet nieuwe sleutels in het ledenregister laten zetten.
warn-partner-clock = Haar klok loopt { $count } seconden voor op deze (onder nul: achter). Een van de twee moet worden gelijkgezet.
warn-partner-register = Heeft een andere versie van de ledenlijst: { $text }. Binnen een minuut is dat meestal voorbij.
warn-partner-suspended = Geschorst: zij wordt niet gevraagd en krijgt geen antwoord. Vraag een registerhouder waarom.
warn-register-contradiction = Twee ondertekende lijsten spreken elkaar tegen: { $text }. Er gaat niets over mensen naar buiten. Stuur de bestanden uit de map evidence naar de stewards.
warn-register-two-histories = Het logboek van { $text } heeft twee geschiedenissen. Vertel het de stewards en uw functionaris.
warn-register-root = De hoofdsleutels gelden nog { $count } dagen, tot { $moment }. Vraag de stewards om ze te vernieuwen.
warn-register-root-over = De hoofdsleutels gelden niet meer sinds { $moment }. Vraag de stewards om ze te vernieuwen.
warn-register-members = De ledenlijst geldt nog { $count } dagen, tot { $moment }. Vraag de registerhouders om haar te vernieuwen.
warn-register-members-over = De ledenlijst geldt niet meer sinds { $moment }. Vraag de registerhouders om haar te vernieuwen.
warn-register-fresh = Het bewijs dat de ledenlijst de nieuwste is, geldt tot { $moment } en wordt niet vernieuwd. Zorg dat een knooppunt met een sleutel daarvoor draait.
warn-register-key = Een eigen sleutel geldt nog { $count } dagen, tot { $moment }. Maak nieuwe sleutels en laat een registerhouder ze in de lijst zetten.
warn-register-key-over = Een eigen sleutel geldt niet meer sinds { $moment }. Maak nieuwe sleutels en laat een registerhouder ze in de lijst zetten.
warn-log-red = Sinds { $moment } hebben te weinig partners het logboek gezien. Na drie dagen gaat er niets over mensen meer naar buiten. Kijk of de partners bereikbaar zijn.
warn-log-stopped = Sinds { $moment } hebben te weinig partners het logboek gezien. Er gaat nu niets over mensen naar buiten. Kijk of de partners bereikbaar zijn.
warn-log-alone = Er hoeft niemand mee te tekenen. Zonder getuigen kan niemand zien of het logboek werd veranderd.
warn-lost-journal = Het bestand met wat eindigde (consent.journal) is niet het bestand dat de database had. Er gaat niets over mensen naar buiten. Stop het knooppunt en zet het bestand terug, of voer `polder restored` uit.
warn-disk-full = De schijf is bijna vol: er kan straks niets meer worden bewaard. Maak nu ruimte.
warn-disk-none = De schijf is vol: er kan niets worden bewaard en niemand kan inloggen. Maak nu ruimte.
warn-disk-little = Er is minder dan 1 GB vrij op de schijf. Maak ruimte.
warn-clock = De klok is { $count } seconden verzet sinds de start. Er gaat niets over mensen naar buiten. Zet de klok goed en start opnieuw.
warn-offers-full = Er kan geen aanbod meer bij. Kijk of een systeem hetzelfde aanbod steeds opnieuw aanbiedt, of verhoog limits.offers.
warn-offers-many = Er is nog maar weinig plaats voor aanbod. Kijk of een systeem hetzelfde aanbod steeds opnieuw aanbiedt, of verhoog limits.offers.
warn-reopening =
    { $count ->
        [0] De database is teruggezet. Er gaat nog niets over mensen naar buiten.
        [one] De database is teruggezet. Het knooppunt wacht nog op één partner; tot die antwoordt, gaat er niets over mensen naar haar.
       *[other] De database is teruggezet. Het knooppunt wacht nog op { $count } partners; tot zij antwoorden, gaat er niets over mensen naar hen.
    }

ends-root = Hoofdsleutels
ends-members = Ledenlijst
ends-fresh = Bewijs dat de lijst de nieuwste is
ends-message-key = Sleutel voor berichten
ends-tls-key = Sleutel voor verbindingen
ends-over = voorbij
ends-days =
    { $days ->
        [0] vandaag
        [one] nog één dag
       *[other] nog { $days } dagen
    }

register-title = Ledenregister
register-standing-current = geldig
register-standing-stale = verouderd
register-standing-no-disclosure = niet te vertrouwen
register-standing-missing = niet hier
register-means-current = U kunt op dit register vertrouwen.
register-means-stale = Het knooppunt weet niet zeker of er een nieuwere lijst is. Duurt dat langer dan zeven dagen, dan gaat er niets over mensen meer naar buiten.
register-means-no-disclosure = Er gaat nu niets over mensen naar buiten. Vacatures en opleidingen gaan door.
register-region = Regio
register-members = Versie van de ledenlijst
register-members-version = { $epoch }.{ $version }, { $count } leden
register-root = Versie van de hoofdsleutels
register-signers = Wie ondertekent
register-threshold = { $threshold } van { $count } handtekeningen nodig:
signers-stewards = Stewards (hoofdsleutels)
signers-new-stewards = De nieuwe stewards
signers-registrars = Registerhouders (ledenlijst)
signers-freshness = Knooppunten (bewijs dat de lijst de nieuwste is)
register-regions = Andere regio's
register-other-version = versie { $version }
register-no-regions = Deze regio erkent geen andere regio's.

proposal-look = Een voorstel bekijken
proposal-explained = Een voorstel voor een nieuwe lijst gaat als bestand van hand tot hand, en geldt pas als genoeg mensen hebben getekend. Dit knooppunt weet daarom niet welke voorstellen er liggen. Kies of plak er een om te zien wat het verandert en wie nog moet tekenen.
proposal-file = Kies het bestand (members…json, root…json of fresh…json)
proposal-hint = Het wordt alleen gelezen: er wordt niets bewaard en niets in werking gezet. Hoogstens 2 MB.
proposal-button = Bekijk het voorstel
proposal-title = Het voorstel
proposal-empty = U koos en plakte nog niets.
proposal-not-json = Dit kan niet worden gelezen: het is geen JSON, of er staat iets dubbel in. Plak het hele bestand.
proposal-not-form = Dit is geen bestand van een ledenregister. Plak een heel bestand members…json, root…json of fresh…json.
proposal-kind-root = Hoofdsleutels, versie { $version }
proposal-kind-members = Ledenlijst, versie { $version }
proposal-kind-fresh = Bewijs dat versie { $version } van de ledenlijst de nieuwste is
proposal-follows-next = Het volgt op wat nu geldt.
proposal-follows-same = Het heeft hetzelfde nummer als wat nu geldt.
proposal-follows-older = Het is ouder dan wat nu geldt, en wordt niet meer aangenomen.
proposal-follows-beyond = Het volgt niet op wat hier nu geldt: ertussen ontbreekt een versie.
proposal-until = Het geldt tot { $moment }.
proposal-signatures = Handtekeningen
proposal-signed = { $signed } van { $needed }
proposal-has = { $key } heeft getekend
proposal-lacks = { $key } heeft niet getekend
proposal-changes = Wat het verandert
proposal-risk = let op
proposal-no-changes = Het verandert niets.
proposal-more = En nog { $count } veranderingen: polder register show noemt ze allemaal.
proposal-then = Tekenen gebeurt niet hier, maar met polder register sign, op de computer met de sleutel.
change-expires = Geldt tot { $after } (nu: { $before }).
change-region = Het is van regio { $after }, en dit register is van { $before }.
change-epoch = Begint tijdvak { $after } (nu: { $before }): lijsten van een eerder tijdvak gelden dan niet meer.
change-recognises = Erkent regio { $who }, met vingerafdruk { $after }.
change-another-region = Regio { $who } krijgt een andere vingerafdruk: { $after } (nu: { $before }).
change-recognises-no-more = Erkent regio { $who } niet meer.
change-purposes-more = { $who } mag vragen om:
change-purposes-less = { $who } mag niet meer vragen om:
change-signer-new = { $who }: nieuwe sleutel { $after }.
change-signer-other = { $who }: onder { $after } staat een andere sleutel.
change-signer-gone = { $who }: sleutel { $after } vervalt.
change-threshold = { $who }: er moeten { $after } tekenen (nu: { $before }).
change-not-after-ours = Het noemt de lijst die nu geldt niet als de vorige. Misschien gaan er twee lijsten rond.
change-member-new = { $who } komt erbij, als { $before }, op { $after }.
change-member-twice = { $who } staat er twee keer in: geen knooppunt neemt zo'n lijst aan.
change-member-removed = { $who } verdwijnt helemaal: haar sleutels kunnen onder een andere naam terugkomen.
change-reinstated = { $who } doet weer mee.
change-suspended = { $who } wordt geschorst.
change-expelled = { $who } wordt uitgesloten.
change-since = { $who }: de stand zou gelden sinds versie { $after } (verwacht: { $before }).
change-name = { $who } heet voortaan { $after }.
change-roles-more = { $who } heet voortaan ook: { $after }.
change-roles-less = { $who } heet niet meer: { $after }.
change-address = { $who } is te bereiken op { $after } (nu: { $before }).
change-client-address = { $who }: adres voor eigen systemen { $after } (nu: { $before }).
change-acts-for-more = { $who } treedt op voor { $after }.
change-acts-for-less = { $who } treedt niet meer op voor { $after }.
change-hosts-more = { $who } mag verwijzen naar { $after }.
change-hosts-less = { $who } mag niet meer verwijzen naar { $after }.
change-key-new = { $who }: nieuwe sleutel { $after }.
change-key-period = { $who }: sleutel { $after } geldt een andere tijd.
change-key-gone = { $who }: sleutel { $after } geldt niet meer.

clients-title = Systemen
clients-lead = Welke systemen van uw organisatie dit knooppunt gebruiken, en wat zij mogen. De aantallen zijn sinds de start van het knooppunt.
clients-operator = Alles wat inlogt met de beheertoken van dit knooppunt.
clients-proof = Logt in met
clients-token = een token; hij verloopt niet, en het knooppunt bewaart alleen een afdruk ervan. Denkt u dat iemand anders hem heeft? Maak een nieuwe met polder init.
clients-organisations = Voor
clients-last = Laatst gebruikt
clients-never = niet sinds de start
clients-used = Verzoeken
clients-taken =
    { $count ->
        [one] één aangenomen
       *[other] { $count } aangenomen
    }
clients-refused =
    { $count ->
        [one] één geweigerd omdat het er te veel waren
       *[other] { $count } geweigerd omdat het er te veel waren
    }
clients-may = Mag
clients-quota = { $requests } verzoeken per seconde, { $questions } vragen per minuut, { $kib } KiB per seconde
clients-to-erase = Moet nog wissen
clients-scopes = Wat het mag ({ $count } rechten)
clients-people = Wie nu is ingelogd
clients-workers = Sessies van werkenden
clients-programs = Programma's die voor een werkende mogen handelen
clients-staff = Sessies van medewerkers
clients-connection = Verbinding
clients-own-tls = versleuteld door dit knooppunt
clients-proxy = versleuteld door een proxy ervoor
clients-local = niet versleuteld: alleen voor proberen op één computer

ledger-title = Logboek van verstrekkingen
ledger-lead = Elke keer dat iets over een mens naar een partner gaat, staat dat hier eerst. Andere partners tekenen mee, zodat niemand het later kan veranderen.
ledger-standing-cosigned = meegetekend
ledger-standing-none = er is nog niets om mee te tekenen
ledger-standing-alone = niemand hoeft mee te tekenen
ledger-standing-waiting = nog niet meegetekend
ledger-standing-red = al een dag niet meegetekend
ledger-standing-stopped = al drie dagen niet meegetekend
ledger-leaves = Regels
ledger-signed = Ondertekend
ledger-cosigned = Meegetekend door genoeg partners
ledger-quorum =
    { $count ->
        [0] niemand hoeft mee te tekenen
        [one] er is één handtekening van een partner nodig
       *[other] er zijn { $count } handtekeningen van partners nodig
    }
ledger-root = Kenmerk van het geheel (root)
ledger-days = Verstrekkingen per dag
ledger-days-plot = Verstrekkingen per dag, de laatste 30 dagen
ledger-sum =
    { $count ->
        [one] Samen één verstrekking.
       *[other] Samen { $count } verstrekkingen.
    }
ledger-most = De meeste op { $day }: { $count }.
ledger-cut = Alleen de nieuwste { $count } zijn geteld: er zijn er meer.
ledger-30 = 30 dagen
ledger-today = Vandaag
ledger-each-day = Elke dag in een tabel
ledger-day = Dag (UTC)
ledger-disclosures = Verstrekkingen
ledger-nothing = De laatste 30 dagen is er niets over mensen verstrekt.
ledger-others = andere partners
ledger-witnesses = Getuigen
ledger-witnesses-lead = Wanneer elke partner het laatst meetekende. Niet elke partner wordt gevraagd: genoeg is genoeg.
ledger-last = Laatst meegetekend
ledger-recent = binnen een dag
ledger-old = langer geleden
ledger-never = niet onder wat hier is bewaard

node-title = Het knooppunt
node-good = alles in orde
node-version = Programma
node-since = Draait sinds
node-clock = Klok
node-clock-set = { $seconds } s verzet sinds de start
node-room = Ruimte
node-room-plot = Wat ruimte inneemt op de schijf
node-offers-plot = Aanbod dat te vinden is
node-database = Database
node-engine-sqlite = SQLite
node-engine-postgresql = PostgreSQL
node-free-in-file = (waarvan { $size } weer te gebruiken)
node-disk = Vrij op de schijf
node-disk-used = Schijf in gebruik
node-not-known = niet bekend
node-index = Zoekindex
node-segments =
    { $count ->
        [one] één deel
       *[other] { $count } delen
    }
node-kind-vacancy = Vacatures
node-kind-training = Opleidingen
node-kind-skill-offer = Profielen, per manier waarop zij zijn gedeeld
node-offers = Aanbod samen
node-offers-of = { $count }, hoogstens { $limit }
node-queue = Wacht op partners
node-commits = Bewaard sinds de start
node-commits-ms = { $count } keer, gemiddeld { $ms } ms
node-backup = Reservekopie
node-backup-sqlite = Het knooppunt weet niet wanneer u er een maakte. Laat polder backup elke dag lopen, en bewaar de kopie op een andere schijf.
node-backup-postgresql = Het knooppunt weet niet wanneer u er een maakte. Laat pg_dump elke dag lopen, en bewaar de kopie op een andere schijf.
node-work = Werk op de achtergrond
node-alone = Dit knooppunt draait als één proces en doet al het werk zelf.
node-processes =
    { $count ->
        [one] Eén proces doet het werk nu.
       *[other] { $count } processen verdelen het werk nu.
    }
node-duty = Werk
node-holder = Proces
node-until = Tot
node-waits-for = Na het terugzetten van de database wacht het knooppunt op:
node-configured = Instellingen
node-url = Adres voor mensen
node-portal = Werkenden loggen in bij
node-desk = Medewerkers loggen in bij
node-no-login = niet ingesteld
node-visitors = Accounts die sinds de start inlogden
node-limits = Grenzen
node-key = Instelling
node-value = Waarde

partners-this-node = { $name } (dit knooppunt)
partners-not-called =
    { $count ->
        [one] Eén partner is sinds de start nog niet aangeroepen.
       *[other] { $count } partners zijn sinds de start nog niet aangeroepen.
    }
partners-more =
    { $count ->
        [one] en nog één
       *[other] en nog { $count }
    }
ledger-more =
    { $count ->
        [one] En aan nog één partner.
       *[other] En aan nog { $count } partners.
    }
clients-people-why = Een sessie is één browser waarin iemand is ingelogd: wie op een telefoon en op een computer inlogt, telt twee keer.
node-offers-title = Aanbod
node-kind = Soort
node-kept = Bewaard
node-found = Te vinden
node-kept-vacancy = Vacatures
node-kept-training = Opleidingen
node-kept-skill-offer = Profielen van werkenden
node-offers-differ = Bewaard en te vinden zijn niet hetzelfde. Een vacature of opleiding waarvan de sluitingsdatum voorbij is, blijft bewaard tot iemand haar verwijdert. Een profiel is pas te vinden als de werkende het deelt, en telt dan voor elke manier van delen één keer.

clients-named = Naam
clients-rights = Mag
clients-keys =
    { $count ->
        [one] één sleutel:
       *[other] { $count } sleutels:
    }
clients-at-provider = bij uw eigen inlogdienst bekend als
clients-no-way-certificates = Dit systeem wil inloggen met een certificaat, en dit knooppunt neemt er geen aan. Stel client.certificates_listen en client.certificates_url in de configuratie in, of vraag de bouwer om een publieke sleutel.
clients-no-way-provider = Dit systeem wil inloggen met een token van uw eigen autorisatieserver, en dit knooppunt neemt die niet aan. Stel client.issuer, client.issuer_keys en client.audience in de configuratie in, of vraag de bouwer om een publieke sleutel.
clients-sandbox = Proef: wat dit systeem plaatst, ziet niemand anders
clients-reference = Wat een systeem kan vragen, met voorbeelden
clients-last-day = Laatste dag
clients-told-proposed = Voorgesteld. Iemand anders keurt het goed, hier of met polder clients approve.
clients-told-approved = Goedgekeurd. Het geldt vanaf nu.
clients-told-refused = Afgewezen. Er verandert niets.
clients-told-ended = Beëindigd. De volgende aanroep wordt geweigerd.
clients-ended = Beëindigd op { $moment }.
clients-in-force = geldt tot { $moment }
clients-waits = Wacht op een tweede persoon
clients-proposed = Voorgesteld door { $who } op { $moment }.
clients-approve = Keur goed
clients-another = U stelde dit zelf voor: iemand anders keurt het goed, hier of met polder clients approve.
clients-refuse = Wijs af
clients-end = Beëindig dit systeem
clients-end-why = Voorgoed: de volgende aanroep wordt geweigerd, en dit kenmerk komt niet terug. Wat het van mensen heeft, laat u wissen bij Wissen.
clients-end-now = Beëindig nu
clients-next = Volgende
clients-from-start = Vanaf het begin
clients-propose = Stel een systeem voor, of een wijziging
clients-propose-why = Wie het systeem bouwt, geeft u dit document. Het bevat alleen openbare sleutels. Er verandert niets tot iemand anders het goedkeurt.
clients-id = Kenmerk van het systeem
clients-document = Document (JSON)
clients-propose-now = Stel voor
problem-client-nothing = Er wacht niets op goedkeuring voor dit systeem.
problem-client-other = Intussen is iets anders voorgesteld dan wat u bekeek. Bekijk het opnieuw.
problem-client-same = Wie iets voorstelt, keurt het niet goed. Vraag een tweede persoon.
problem-client-over = De laatste dag in dit voorstel is voorbij. Stel het voor met een andere dag.
problem-client-ended = Dit systeem is voorgoed beëindigd. Stel het voor met een ander kenmerk.
problem-client-many = Er zijn zo veel systemen als een knooppunt kent. Beëindig systemen die niet meer aanroepen.
problem-client-id = Een kenmerk is 1 tot 100 tekens: letters, cijfers en . _ ~ -
problem-client-document = Dit document klopt niet. Wat er mis is, staat hier in het Engels, zoals in de documentatie:

warn-partner-certificate-ends = Het certificaat van haar verbinding geldt nog { $count } dagen, tot { $moment }. Vraag haar beheerder om nieuwe sleutels te maken.
warn-partner-certificate-over = Het certificaat van haar verbinding geldt niet meer sinds { $moment }. Vraag haar beheerder om nieuwe sleutels te maken.
warn-register-certificate = Het certificaat van dit knooppunt geldt nog { $count } dagen, tot { $moment }. Maak nieuwe sleutels en laat een registerhouder ze in de lijst zetten.
warn-register-certificate-over = Het certificaat van dit knooppunt geldt niet meer sinds { $moment }. Maak nieuwe sleutels en laat een registerhouder ze in de lijst zetten.
ends-certificate = Certificaat van de verbinding met partners
trouble-refused = De verbinding wordt geweigerd: op dat adres luistert nu geen programma.
trouble-no-way = Er is geen weg naar dat adres: het netwerk of een firewall laat het niet toe.
trouble-no-name = De naam van de computer is niet te vinden, of wijst naar een adres dat niet mag.
trouble-silent = Er kwam geen antwoord op tijd.
trouble-cut = De verbinding werd afgebroken.
trouble-not-theirs = Op dat adres antwoordt een computer zonder de sleutel uit het ledenregister. Belt u de beheerder, vertel dit dan.
trouble-unclear = De verbinding mislukte. Het logboek van dit knooppunt zegt wat het systeem erover zei.
clients-certificates =
    { $count ->
        [one] één certificaat:
       *[other] { $count } certificaten:
    }
clients-sha256 = Afdruk van dit voorstel (sha256). Noemt wie het voorstelde dezelfde?
proposal-paste = Of plak het hier
change-expires-at = Geldt tot { $after } (nu: { $before }), op dezelfde dag.
partners-first-ends = Sleutels:
clients-webhooks = Webhooks
clients-webhook-active = werkt
clients-webhook-failing = lukt niet, wordt opnieuw geprobeerd
clients-webhook-disabled = gestopt
clients-webhook-answered = antwoordde { $status }
clients-webhook-address-refused = wijst naar een adres dat niet mag
clients-webhook-certificate-refused = heeft een certificaat dat deze machine niet vertrouwt
clients-webhook-no-connection = was niet te bereiken
clients-webhook-too-slow = antwoordde niet op tijd
clients-webhook-broken = brak af
clients-webhook-last = laatst op { $moment }
clients-webhook-since = sinds { $moment }
warn-client-certificate = Het certificaat van de pagina's en van /v1 geldt nog { $count } dagen, tot { $moment }. Vernieuw het, en start het knooppunt opnieuw: anders kan daarna niemand meer inloggen en geen systeem meer binnen.
warn-client-certificate-over = Het certificaat van de pagina's en van /v1 geldt niet meer sinds { $moment }. Vernieuw het, en start het knooppunt opnieuw: nu kan niemand inloggen en komt geen systeem binnen.
ends-client-certificate = Certificaat van de pagina's en van /v1
risk-member-new = Kent u deze partner, en klopt het adres? Vraag het na.
risk-purposes-more = Deze partner krijgt dan meer over mensen te zien, voor zover zij dat goedvinden.
risk-roles-more = Een rol geeft geen rechten, maar werkenden en partners zien haar en vertrouwen erop.
risk-name = Werkenden zien deze naam als zij beslissen. Is het nog dezelfde organisatie?
risk-address = Vragen en antwoorden gaan dan naar dit adres. Klopt het?
risk-client-address = Wie inlogt of een systeem koppelt, komt dan op dit adres. Klopt het?
risk-acts-for-more = Wat deze partner dan plaatst, staat op naam van een ander. Weet die ander dat?
risk-hosts-more = Links van deze partner mogen dan naar deze website leiden. Is die van haar?
risk-key-new = Wie deze sleutel heeft, spreekt dan voor deze partner. Vraag na of die van haar is.
risk-key-period = De sleutel geldt dan op een moment waarop zij nu niet geldt.
risk-recognises = Partners van die regio mogen hier dan vragen stellen.
register-by-proxy = Dat heeft de proxy voor dit knooppunt: kijk daar tot wanneer het geldt.
