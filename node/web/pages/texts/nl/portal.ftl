# De pagina's voor werkenden.

portal-menu = home profile work share seen data
portal-menu-home = Begin
portal-menu-profile = Mijn profiel
portal-menu-work = Werk en leren
portal-menu-share = Delen
portal-menu-seen = Wie zag wat

welcome-title = U beslist wie wat van u ziet
welcome-lead = Hier maakt u een profiel voor werk en opleiding dichtbij. { $partner } bewaart het voor u. Niemand anders ziet het, tot u dat zelf zegt.
welcome-default = In het begin deelt u niets.
welcome-decide = U kiest per organisatie wat zij zien, waarvoor en tot wanneer.
welcome-stop = U stopt met één klik, altijd, zonder reden. Wie iets heeft gekregen, moet het dan wissen.
welcome-see = U ziet wie wat heeft gezien, en wanneer.
welcome-left = U bent uitgelogd.
welcome-nowhere = Bij { $partner } kunt u nog niet inloggen.

home-title = Begin
home-hello = Hallo { $name }
home-begin = Begin met uw profiel
home-begin-why = Zonder profiel kunt u nog niets delen. Het kost een paar minuten, en u kunt het altijd veranderen.
home-begin-now = Maak mijn profiel
home-asked =
    { $count ->
        [one] Eén vraag wacht op uw antwoord
       *[other] { $count } vragen wachten op uw antwoord
    }
home-look = Bekijk de vraag
home-sees =
    { $count ->
        [0] Niemand ziet iets van u
        [one] Eén organisatie mag iets van u zien
       *[other] { $count } organisaties mogen iets van u zien
    }
home-nobody = U deelt nu niets.
home-withdraw-why = Met Stoppen ziet een organisatie dit meteen niet meer, en moet zij wissen wat zij ervan kreeg.
home-what =
    { $count ->
        [one] Eén gegeven
       *[other] { $count } gegevens
    }
home-owing =
    { $count ->
        [one] Eén organisatie moet nog bevestigen dat zij heeft gewist wat zij van u kreeg.
       *[other] { $count } organisaties moeten nog bevestigen dat zij hebben gewist wat zij van u kregen.
    }
home-share = Iets delen

withdraw = Stoppen
withdraw-of = Stoppen bij { $name }: { $what }
withdraw-all = Stop alles

told-withdrawn = Gestopt. Vanaf nu gaat hiervoor niets meer naar deze organisatie. Wat zij hiervoor kreeg, moet zij wissen.
told-withdrawn-all = Alles is gestopt. Vanaf nu gaat niets meer van u naar een organisatie. Wie iets van u kreeg, moet dat wissen.
told-shared = Gedeeld. U kunt hier altijd stoppen.
told-not-shared = Er is niets gedeeld.

share-title = Iets delen
share-lead = Waarvoor wilt u iets delen?
share-about-match-vacancy = Zij zien of uw profiel past bij een vacature van hen. Zonder uw naam.
share-about-training-advice = Zij zien welke opleiding bij u past. Zonder uw naam.
share-about-be-contacted = Zij zien hoe zij u kunnen bereiken.
share-other = Kies iets anders
share-who = Met wie?
share-nobody-may = Er is nu geen organisatie die dit mag.
share-what = Wat?
share-needed = Dit hoort er altijd bij:
share-optional = Wat mogen zij nog meer zien?
share-not-yet = (nog niet in uw profiel)
share-until = Hoe lang?
seen-about-vacancy = voor de vacature met kenmerk
seen-about-training = voor de opleiding met kenmerk
share-days =
    { $days ->
        [30] Eén maand
        [90] Drie maanden
        [180] Een half jaar
        [365] Een jaar
       *[other] { $days } dagen
    }
share-look = Bekijk wat zij zien
share-nothing-yet = U deelt nog niets. U ziet eerst precies wat zij zien.

check-title = Klopt dit?
check-preview = Dit zien zij
check-later = Dit staat nog niet in uw profiel. Vult u het in, dan zien zij het ook:
check-text = Dit spreekt u af
check-no = Nee, deel niets
check-yes = Ja, deel dit
check-anew = U bent al even ingelogd. Laat opnieuw zien wie u bent voor u iets deelt. Stoppen kan altijd meteen.
check-changed = Uw profiel is intussen veranderd. Er is nog niets gedeeld. Kijk opnieuw wat zij zien.
check-known-application = { $name } weet wie u bent, door uw sollicitatie. Deze organisatie ziet dus dat dit van u is.
check-known-be-contacted = { $name } weet wie u bent, door het contact dat u toestond. Deze organisatie ziet dus dat dit van u is.
check-anew-now = Opnieuw inloggen

profile-title = Mijn profiel
profile-lead =
    { $count ->
        [0] Vul in wat u wilt. Alleen de eerste regel en één vaardigheid zijn nodig. Niemand ziet dit, tot u het deelt.
        [one] Vul in wat u wilt. Alleen de eerste regel en één vaardigheid zijn nodig. Eén organisatie mag nu iets van u zien: wat u verandert, ziet zij voor zover u dat met haar deelt.
       *[other] Vul in wat u wilt. Alleen de eerste regel en één vaardigheid zijn nodig. { $count } organisaties mogen nu iets van u zien: wat u verandert, zien zij voor zover u dat met hen deelt.
    }
profile-kept =
    { $count ->
        [0] Uw profiel is bewaard. Nog niemand ziet het.
        [one] Uw profiel is bewaard. Eén organisatie mag er iets van zien.
       *[other] Uw profiel is bewaard. { $count } organisaties mogen er iets van zien.
    }
profile-keep = Bewaar mijn profiel
profile-wrong =
    { $count ->
        [one] Eén ding klopt nog niet. Er is nog niets bewaard.
       *[other] { $count } dingen kloppen nog niet. Er is nog niets bewaard.
    }
profile-choose = Kies
profile-find = Zoek
profile-found =
    { $count ->
        [0] Niets gevonden. Probeer een ander woord.
       *[other] Kies wat bij u past:
    }
profile-part-title = Wat zoekt u?
profile-title-label = In één regel
profile-title-hint = Wie iets van u mag zien, ziet deze regel precies zoals u hem schrijft. Zet er dus geen naam, woonplaats of uren in.
profile-part-description = Omschrijving
profile-description-hint = Iets over uzelf. Ook dit wordt gelezen zoals u het schrijft, door wie u het laat zien. Schrijf niets over uw gezondheid.
profile-part-occupationsWanted = Welk beroep wilt u?
profile-find-occupation = Zoek een beroep
profile-part-skills = Wat kunt u?
profile-find-skill = Zoek een vaardigheid
profile-propose = Stel vaardigheden voor bij mijn beroep
profile-level = niveau
profile-level-of = Niveau van { $skill }
profile-level-1 = 1 – beginner
profile-level-2 = 2
profile-level-3 = 3 – gewoon goed
profile-level-4 = 4
profile-level-5 = 5 – expert
profile-part-hours = Hoeveel uur per week?
profile-hours-min = Minstens
profile-hours-max = Hoogstens
profile-part-workingTimes = Wanneer kunt u?
profile-times-hint = Tik op de dagdelen waarop u kunt werken.
profile-flexible = Ik kan schuiven
profile-part-postcode = Waar, en hoe ver?
profile-part-commute = Waar, en hoe ver?
profile-postcode = Postcode of plaats
profile-postcode-hint = Van een postcode alleen de vier cijfers. Wilt u die niet geven, of kennen wij hem niet? Vul dan een plaats in: wij nemen de postcode in het midden daarvan.
profile-postcode-is = { $postcode } ligt in { $place }.
profile-mode = Hoe reist u?
profile-minutes = Hoogstens hoeveel minuten?
profile-part-employersAtOnce = Bij hoeveel werkgevers tegelijk?
profile-employers-hint = Sommige werkgevers delen samen één baan.
profile-part-contracts = Welk soort contract?
profile-part-more = Meer over u
profile-part-education = Hoogste opleiding
profile-part-availableFrom = Vanaf wanneer kunt u?
profile-part-languages = Talen
profile-level-A1 = A1: een paar woorden
profile-level-A2 = A2: eenvoudige zinnen
profile-level-B1 = B1: gewone gesprekken
profile-level-B2 = B2: vlot
profile-level-C1 = C1: bijna alles
profile-level-C2 = C2: als een moedertaal
profile-part-licences = Rijbewijs
profile-part-salaryWish = Gewenst loon
profile-salary = Minstens verdienen (euro)
profile-period = Per
profile-part-contact = Hoe bent u te bereiken?
profile-contact-hint = Dit ziet niemand bij het zoeken. U geeft het per organisatie, als u zelf contact wilt.

finding-not-json = Dit kunnen wij niet lezen.
finding-unknown-member = Dit kennen wij niet.
finding-missing = Dit ontbreekt nog.
finding-wrong-type = Dit is geen getal.
finding-out-of-bounds = Dit klopt niet: te lang, te kort, of niet van de juiste vorm.
finding-contradiction = Dit spreekt elkaar tegen. Is het kleinste getal niet groter dan het grootste, en de eerste dag niet na de laatste?
finding-unknown-code = Dit kennen wij niet. Kies iets uit de lijst.
finding-another-host = Dit adres mag hier niet staan.
finding-another-organisation = Voor deze organisatie mag u niets plaatsen.
finding-over = Deze dag is voorbij. Niemand vindt dit aanbod nog.
finding-not-allowed = Hier mag geen naam, e-mailadres, telefoonnummer of burgerservicenummer staan, en niets over gezondheid, geloof of strafblad.

portal-menu-data = Mijn gegevens

request-title = { $name } vraagt u iets
request-through = De vraag komt van { $name }.
request-assisted = Iemand helpt u hierbij; alleen u beslist.
request-free = U hoeft niets te delen. Aan een nee zit niets vast, en zij krijgen het niet te horen.
request-later = Nu niet, ik beslis later

seen-tab = Wie zag wat
seen-title = Wie zag wat
seen-lead = Elke keer dat iets van u naar een organisatie ging, staat hier.
seen-nothing = Er is nog niets van u naar iemand gegaan.
seen-erased = Gewist, zegt deze organisatie
seen-there = Zij mogen het gebruiken tot { $day }
seen-retained = Dit moet deze organisatie volgens de wet bewaren:
seen-consent = Uw toestemming

erasures-tab = Wat is gewist
erasures-title = Wat is gewist
erasures-lead = Als u stopt, moet wie iets kreeg het wissen. Hier ziet u wie dat heeft gedaan.
erasures-nothing = Er hoeft nergens iets te worden gewist.

erasure-erased = Gewist
erasure-retained = Gewist, op een deel na
erasure-outstanding = Nog niet bevestigd
erasure-left = Deze organisatie doet niet meer mee en is niet te bereiken
erasure-since = gevraagd op { $moment }
erasure-at = bevestigd op { $moment }
erasure-corrected = U verbeterde iets; de oude versie moet weg.
erasure-fields = Alleen dit:
erasure-kept = Bewaard tot en met { $day }, volgens { $statute }:

questions-tab = Voor u gezocht
questions-title = Wat is voor u gezocht
questions-lead = Zoekt u werk of een opleiding, dan vraagt dit systeem dat aan andere organisaties. Zij weten niet wie er zoekt.
questions-nothing = Er is nog niets voor u gevraagd.

question-find-work = Vacatures gezocht
question-find-training = Opleidingen gezocht
question-asked =
    { $count ->
        [one] aan één organisatie gevraagd
       *[other] aan { $count } organisaties gevraagd
    }
question-whom = Aan wie?
question-what = Wat ging mee?
question-nothing = Niets van u: er is naar alles gevraagd.
question-kept = Wat er precies stond, bewaren wij niet.
question-said-skills = vaardigheden
question-said-occupations = beroepen
question-said-text = woorden
question-said-travel = de vier cijfers van uw postcode, en hoe ver u wilt reizen
question-said-hours = hoeveel uren u wilt werken
question-said-level = uw opleiding
question-said-contracts = soorten contract
question-said-sectors = sectoren
question-said-languages = talen
question-said-licences = rijbewijzen
question-said-sharing = dat u voor meer werkgevers wilt werken
question-said-start = wanneer u kunt beginnen
question-said-modifiedSince = dat het nieuw moet zijn

data-title = Mijn gegevens
data-correct = Verbeteren
data-correct-about = Verander uw profiel. Wie het mag zien, ziet meteen de nieuwe versie.
data-consents = Wat ik heb beslist
data-consents-about = Waar u ja of nee op zei, met de tekst die u las en een ontvangstbewijs.
data-export = Meenemen
data-export-about = Alles in één bestand, ook om naar een andere organisatie te verhuizen.
data-proof = Nakijken
data-proof-about = Kijk na of het logboek klopt, of download het bewijs.
data-held = Wat hebben anderen van mij?
data-held-about = Wij vragen elke organisatie die iets van u kreeg wat zij nog heeft.
data-who = Organisatie
data-says = Antwoord
data-ask = Vraag het nu

holdings-answered = heeft geantwoord
holdings-awaited = heeft nog niet geantwoord
holdings-left = doet niet meer mee

data-more-kinds =
    { $count ->
        [one] en nog iets anders
       *[other] en nog { $count } andere dingen
    }
data-copies =
    { $count ->
        [0] heeft niets meer van u
        [one] heeft één keer iets van u
       *[other] heeft { $count } keer iets van u
    }
data-owing = heeft het gewist, maar nog niet bevestigd dat ook de eigen systemen het hebben gewist
data-key = Het kenmerk van uw profiel bij ons:
data-key-about = Vraagt u ons iets over uw profiel, noem dan dit kenmerk: daarmee vinden wij het.
data-erase = Alles wissen
data-erase-about = Uw profiel en alles wat hier over u staat gaat weg. Wie iets kreeg, moet het ook wissen.
data-erase-begin = Alles wissen

consents-title = Wat ik heb beslist
consents-nothing = U hebt nog niets beslist.

consent-when = Wanneer
consent-receipt = Download het ontvangstbewijs

state-given = loopt
state-withdrawn = door u gestopt
state-expired = afgelopen
state-revoked = door de organisatie beëindigd
state-revoked-so = beëindigd
state-invalidated = bleek niet geldig
state-superseded = vervangen door een nieuwe
state-requested = gevraagd
state-deferred = later
state-lapsed = verlopen
state-refused = nee gezegd
state-unknown = onbekend; er gaat niets weg

event-request = gevraagd
event-give = ja gezegd
event-refuse = nee gezegd
event-defer = uitgesteld
event-withdraw = gestopt
event-replace = vervangen
event-revoke = beëindigd door de organisatie die uw profiel bewaart
event-revoke-so = beëindigd: uw profiel werd weggehaald, of de ontvanger liet weten dat het al beëindigd was
event-invalidate = bleek niet geldig

ground-worker-asked = u vroeg erom
ground-purpose-ended = het doel bestaat niet meer
ground-recipient-unfit = de ontvanger hield zich niet aan de afspraken
ground-notice-wrong = de tekst klopte niet
ground-not-free = het was niet vrijwillig
ground-another-person = iemand anders zei ja
ground-authority = een toezichthouder of rechter besliste het

erase-title = Alles wissen?
erase-lead = Dit kan niet ongedaan worden gemaakt.
erase-stops = Alles wat u deelt stopt meteen.
erase-told = Wie iets van u kreeg, krijgt bericht dat het gewist moet worden.
erase-whom =
    { $count ->
        [0] Niemand hoeft iets te wissen: niemand heeft nog iets van u.
        [one] Deze organisatie krijgt bericht dat zij moet wissen wat zij van u kreeg:
       *[other] Deze { $count } organisaties krijgen bericht dat zij moeten wissen wat zij van u kregen:
    }
erase-whom-more = De volgende organisaties
erase-whom-first = Terug naar het begin van de lijst
erase-law = Moet een organisatie iets bewaren volgens de wet, dan zegt zij wat, en tot wanneer.
erase-final = Uw profiel, alles wat u besliste en wie wat zag verdwijnen hier. Wilt u ze houden, neem ze dan eerst mee.
erase-sure = Ja, ik wil alles wissen
erase-no = Nee, terug
erase-yes = Wis alles

erased-title = Hier is alles gewist
erased-lead = { $partner } weet niets meer van u. U bent uitgelogd.
erased-here = U kunt deze pagina nog een uur opnieuw laden, tot u de browser sluit. Bewaar wat u nodig hebt.
erased-receipt = Uw ontvangstbewijs

invitation-title = Uw profiel overnemen
invitation-lead = Heeft iemand al een profiel voor u gemaakt? Dan kreeg u een code. Daarmee wordt het profiel van u.
invitation-has-profile = U hebt al een profiel. Een code kan daar niets aan veranderen.
invitation-unknown = Deze code kennen wij niet, of hij is niet meer geldig. Kijk of u alles goed overnam, of vraag een nieuwe.
invitation-code = Uw code
invitation-take = Neem het profiel over
home-code = Ik heb een code

programs-title = Programma's namens mij
programs-lead = Een programma kan namens u zien en doen wat u hier kunt, ook delen en stoppen. Het krijgt daarvoor een sleutel, voor een paar uur.
programs-token = De sleutel
programs-once = U ziet hem maar één keer. Hij werkt tot { $moment }. Geef hem aan niemand.
programs-copy = Kopieer dit
programs-anew = Laat eerst opnieuw zien wie u bent.
programs-hours =
    { $hours ->
        [one] Eén uur
       *[other] { $hours } uur
    }
programs-make = Maak een sleutel
programs-end = Stoppen
programs-end-now = Laat geen programma meer toe
data-programs = Programma's
data-programs-about = Laat een programma namens u werken, of stop dat.

seen-erased-fields = Dit is er al van gewist:
seen-said = Dit weten wij alleen van de ontvanger zelf: onze eigen regel ging verloren bij een storing.
home-move = Mijn profiel staat bij een andere organisatie

home-asked-more =
    { $count ->
        [one] Daarna is er nog één vraag.
       *[other] Daarna zijn er nog { $count } vragen.
    }
request-why = Waarom?
request-why-none = Zij zeggen niet voor welk werk of welke opleiding. U kunt nee zeggen, of het hun eerst vragen.
request-why-said = Zo zeggen zij het zelf. Wij kunnen dat niet nakijken.
request-about-vacancy = Vacature, volgens hen zelf: “{ $title }”
request-about-training = Opleiding, volgens hen zelf: “{ $title }”
request-by-vacancy = Werkgever, volgens hen zelf: “{ $by }”
request-by-training = Opleider, volgens hen zelf: “{ $by }”
seen-of-vacancy = voor de vacature “{ $title }”
seen-of-training = voor de opleiding “{ $title }”
request-by-through = { $by }, via { $name }
request-what = Wat wilt u delen?
request-what-less = Zij vragen dit. Haal het vinkje weg bij wat u niet wilt delen.
request-look = Laat zien wat zij dan zien
request-wrong-nothing = U koos niets. Kies minstens één ding, of zeg nee. Er is niets gedeeld.
request-wrong-changed = U veranderde uw keuze. Kijk of het zo klopt, en zeg dan ja of nee. Er is nog niets gedeeld.
seen-application = Uw sollicitatie
profile-first = Daarvoor hebt u een profiel nodig. Maak het hier; daarna kunt u verder.
finding-unknown-postcode = Deze postcode of plaats kennen wij niet, of er zijn er meer met die naam. Wij kennen die in de regio en daaromheen. Vul een plaats in die dichtbij ligt, of laat het vak leeg.
finding-postcode = Vier cijfers, zoals 8232, of de naam van een plaats.
finding-telephone = Een telefoonnummer van 5 tot en met 30 tekens: cijfers, spaties, haakjes en streepjes. Een plus mag ervoor.
finding-amount = Een bedrag in euro’s, zoals 17,50.
finding-missing-title = Schrijf in één regel wat u zoekt.
finding-missing-skills = Zoek en kies minstens één vaardigheid.
finding-missing-occupationsWanted = Kies eerst een beroep, hierboven bij “Welk beroep wilt u?”.
finding-missing-commute = Kies hoe u reist, en vul in hoeveel minuten hoogstens.
finding-near = Bedoelt u { $near }?
erased-who = Wie moet nog wissen?
erased-who-why = Deze organisaties kregen iets van u. Wij vragen hun om het te wissen, net zo lang tot zij dat bevestigen.
erased-more =
    { $count ->
        [one] Nog één organisatie
       *[other] Nog { $count } organisaties
    }
erased-kept = Dat deel moet deze organisatie volgens de wet bewaren tot en met { $day }, zegt zij.
erased-unread = Wie nog moet wissen, kunnen wij nu niet laten zien. Alles is wel gewist, en wie iets van u kreeg, krijgt bericht. Kijk later met de link.
erased-nobody = Niemand hoeft nog iets te wissen.
erased-state = Hoe staat het ermee?
erased-link = Bewaar deze link. Daarmee ziet u { $days } dagen lang wie heeft gewist, zonder in te loggen. Wie de link heeft, ziet alleen namen van organisaties, niets over u.
erased-when = Gewist op
erased-by = Gewist en ondertekend door
erased-consents = Keren dat u ja zei
erased-disclosures = Keren dat iets van u naar een organisatie ging
erased-questions = Keren dat er voor u werk of een opleiding is gezocht
erased-requests = Vragen van organisaties aan u
erased-check = Het ontvangstbewijs is ondertekend met de sleutel van deze organisatie in het ledenregister. Iedereen met dat register kan nakijken dat het echt is, ook zonder ons.
erased-download = Download het ontvangstbewijs
erased-text = Het ontvangstbewijs als tekst
erased-unsigned = Een ondertekend ontvangstbewijs konden wij niet maken. Alles is wel gewist.

finding-hours-turned = Het kleinste aantal uren is groter dan het grootste.
welcome-over = U deed een tijd niets, of u logde ergens anders uit. Daarom bent u uitgelogd. Log opnieuw in om verder te gaan.
over-title = U bent uitgelogd
over-why = Wat u typte, is nog niet bewaard of verstuurd, maar het staat nog op deze pagina.
over-log-in = Log opnieuw in. Dat opent een nieuw venster.
over-come-back = Kom terug naar deze pagina, en kies Verder.
over-now = Opnieuw inloggen
over-go-on = Verder
over-here-alone = Sluit deze pagina niet: alleen hier staat wat u typte.
resumed-title = U bent weer ingelogd
resumed-back = Ga terug naar de pagina waar u bezig was, en kies daar { $button }. U kunt dit venster sluiten.
profile-idle = Doet u 15 minuten niets, dan wordt u uitgelogd. Wat u hier typte, raakt u dan niet kwijt: u logt opnieuw in en gaat verder. Kiest u zelf Uitloggen, dan bent u het wel kwijt.
profile-gone = Wat u hier typte, staat hier niet meer. Dit is uw profiel zoals het is bewaard.
profile-resumed = Wat u typte, staat er weer. Er is nog niets bewaard.
profile-other-language = Een andere taal
profile-other-level = Niveau daarvan
home-brought = Dit deelde u bij { $name }. Wilt u het hier weer delen?
home-later = Later
home-later-until = U wilde dit later beslissen. Dat kan tot { $day }.
home-what-later = Dit zien zij zodra het in uw profiel staat:
home-applications-more =
    { $count ->
        [one] en nog één
       *[other] en nog { $count }
    }
withdraw-applications = Stop alle { $count }
withdraw-applications-of = Stoppen met alle { $count } sollicitaties via { $name }
told-later = Er is niets gedeeld. De vraag blijft hier staan, tot u beslist of de tijd voorbij is.
share-wrong = U bent er bijna. Kies nog:
share-wrong-who = Kies minstens één organisatie.
share-wrong-what = Kies minstens één ding om te delen.
share-wrong-long = Kies hoe lang.
share-optional-alone = Wat mogen zij zien?
check-empty = Nu zien zij niets: in uw profiel staat hier nog niets van. Vul het eerst in.
request-already = Dit mogen zij hiervoor al van u zien:
request-already-why = Het staat hieronder ook aangevinkt. Haalt u een vinkje weg en zegt u ja, dan zien zij dat niet meer.
brought-title = Opnieuw delen met { $name }?
brought-why = Dit deelde u bij { $from }. { $name } vraagt hier niet om: u kiest zelf of u het hier weer deelt.
brought-what-less = Dit deelde u. Haal het vinkje weg bij wat u niet meer wilt delen.
consents-yes = Ja gezegd
consents-no = Nee gezegd of uitgesteld
consents-again = Zij kunnen u dit opnieuw vragen vanaf { $day }.
erasure-corrected-application = Het gaat om één sollicitatie: u stopte ermee, of u verbeterde iets.
seen-recalled = Zij moeten dit wissen. Dat is nog niet bevestigd.
seen-over = De tijd is voorbij. Zij mogen het niet meer gebruiken.
erasure-application = Uw sollicitatie op “{ $title }”
profile-read = Stel vaardigheden voor bij wat ik schreef
profile-read-nothing = Schrijf eerst iets bij “Omschrijving”.
profile-proposed =
    { $count ->
        [0] In wat u schreef, vinden wij geen andere vaardigheid. Zoek er hieronder zelf een.
        [one] Deze vaardigheid lazen wij in wat u schreef. Klopt het? Vink het dan aan:
       *[other] Deze vaardigheden lazen wij in wat u schreef. Vink aan wat klopt:
    }
request-kind = { $name } staat in het ledenregister als: { $kind }.
request-read-vacancy = Lees de hele vacature
request-read-training = Lees wat de opleiding inhoudt
asked-offer-vacancy = De vacature waarvoor zij u iets vragen
asked-offer-training = De opleiding waarvoor zij u iets vragen
asked-offer-now = Zo staat het nu bij deze organisatie. Wij zochten het voor u op, zonder uw naam.
asked-offer-none-vacancy = Wij vinden deze vacature nu niet bij { $name }. Misschien is de vacature gesloten, of antwoordt deze organisatie niet. U kunt het ook later beslissen.
asked-offer-none-training = Wij vinden deze opleiding nu niet bij { $name }. Misschien is de opleiding gesloten, of antwoordt deze organisatie niet. U kunt het ook later beslissen.
asked-offer-back = Terug naar de vraag
asked-offer-answer = Beantwoord de vraag
home-ended =
    { $count ->
        [one] { $keeper } beëindigde iets dat u deelde
       *[other] { $keeper } beëindigde { $count } dingen die u deelde
    }
home-ended-one = { $name }: { $what }. Beëindigd op { $day }.
home-ended-why = Waarom: { $why }.
home-ended-so = Uw profiel werd weggehaald, of de ontvanger liet weten dat het al beëindigd was.
home-ended-look = Bekijk het
home-ended-look-of = Bekijk het: { $name }
profile-changed = Uw profiel is intussen ergens anders veranderd, in een ander venster bijvoorbeeld. Wat u typte, staat hier nog; er is nog niets bewaard. Bewaart u het nu, dan komt het in de plaats van wat er nu staat.
profile-changed-see = Bekijk uw profiel zoals het nu is, in een nieuw venster
profile-map = Hoe ver u wilt reizen
profile-map-said = Binnen de cirkel ligt alles wat u { $mode } in { $minutes } minuten kunt bereiken vanaf { $postcode }. Om water heen is het soms verder.
