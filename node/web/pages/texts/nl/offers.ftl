# Het formulier van een aanbod, en wat er met een regel of een veld niet klopt.

offers-more = Wat u ermee kunt doen
offers-people = Zoek mensen
offers-people-vacancy = Zoek mensen voor deze vacature
offers-people-training = Zoek mensen voor deze opleiding
offers-people-of = Zoek mensen voor { $title }
offers-none-do = Maak het eerste met de knop hierboven.
offers-where-when = Waar en wanneer
offers-terms = Contract en salaris
offers-needed = Wat men moet hebben
offers-gives = Wat men krijgt
offers-kvk = KvK-nummer
offers-remote = Op afstand (procent)
offers-start = Eerste werkdag
offers-hours-min = Uren per week, minstens
offers-hours-max = Uren per week, hoogstens
offers-times = Wanneer
offers-times-hint = Tik op de dagdelen waarop er werk is. Maakt het niet uit? Laat dan alles leeg.
offers-flexible = Over de tijden valt te praten
offers-week-from = Seizoenswerk: eerste week
offers-week-to = Seizoenswerk: laatste week
offers-sharing = De medewerker mag ook bij een andere werkgever werken
offers-pay-min = Bruto salaris vanaf (euro)
offers-pay-max = Bruto salaris tot (euro)
offers-period = Salaris
offers-positions = Hoeveel mensen u zoekt
offers-licences = Rijbewijs dat nodig is
offers-languages = Talen die nodig zijn
offers-editions-hint = Elke keer dat de opleiding wordt gegeven. Maak een rij leeg om haar te verwijderen.
offers-edition = Uitvoering { $number }
offers-edition-start = Begint op
offers-edition-end = Eindigt op
offers-edition-mode = Vorm
edition-on-site = op een plaats
edition-online = online
edition-blended = deels online
offers-routes = Leerweg
route-bol = school met stage (bol)
route-bbl = werken en leren (bbl)
route-full-time = voltijd
route-part-time = deeltijd
route-dual = duaal
route-self-paced = in eigen tempo
offers-credential = Bewijs dat men krijgt
credential-none = geen
credential-certificate = certificaat
credential-microcredential = microcredential
credential-mbo-certificate = mbo-certificaat
credential-mbo-diploma = mbo-diploma
credential-associate-degree = associate degree
credential-bachelor = bachelor
credential-master = master
offers-price = Prijs (euro)
offers-price-note = Wat er wel en niet bij zit
offers-apply-vacancy = Solliciteren
offers-apply-training = Aanmelden
offers-apply-hint-vacancy = Werkenden uit de regio kunnen ook via deze pagina's solliciteren. Dan ziet u hun sollicitatie hier.
offers-apply-hint-training = Zo kan men zich aanmelden.
offers-telephone = Telefoonnummer
offers-instructions = Wat men moet sturen of meenemen
offers-key-taken = Er is al een aanbod met dit kenmerk. Kies een ander, of laat het leeg.

import-which = Aanbod
import-untitled = zonder titel
import-file = Download de geweigerde regels
import-no-room = Uw lijst is te lang om hier nog eens te tonen. Kies of plak haar nog eens, en kies dan wat u ermee wilt doen.
import-no-room-left = Hieronder staan de eerste regels die niet zijn bewaard; voor alle is geen plaats. Kies of plak uw eigen lijst nog eens om ze te downloaden.
import-what = Wat er gebeurt
import-becomes =
    { $changed ->
        [0] Alle goede regels zijn nieuw: { $count }.
       *[other] Goede regels: { $count }, waarvan { $changed } niet nieuw.
    }
import-becomes-new = nieuw
import-becomes-replaces = vervangt “{ $title }”
import-twice = Telt niet mee: dit kenmerk staat verderop nog eens, en de laatste regel telt.
import-not-now = Dit kon nu niet worden bewaard. Probeer het later opnieuw.
import-more-good =
    { $count ->
        [one] En nog één goede regel.
       *[other] En nog { $count } goede regels.
    }
import-left = Hieronder staan alleen nog de regels die zijn geweigerd. Verbeter ze, en probeer het opnieuw.

member-number = nummer { $number }
member-unknown = Dit kennen wij niet: { $said }.
member-nearest = Bedoelt u: { $said }?
member-members = Hier mag staan: { $said }.
member-wrong-type = Dit is niet van de goede soort.
member-out-of-bounds = Dit kan niet.
member-one-of = Kies uit: { $said }.
member-whole = Een heel getal van { $least } tot en met { $most }.
member-amount = Een bedrag tot en met € { $most }.
member-cents = In een regel staat het in hele centen.
member-pay = Dat is meer dan iemand in die periode verdient. Klopt het bedrag, en klopt per wat het is?
member-not-json = Een regel begint met een accolade en eindigt ermee, zoals in het voorbeeld.
member-date = Een dag die bestaat: jaar, maand en dag, zoals 2027-01-31.
member-date-written = Een dag die bestaat, zoals 31-1-2027 of 2027-01-31.
member-days-turned = De eerste dag ligt na de laatste.
member-turned = Het kleinste getal is groter dan het grootste.
member-twice = Dit staat er twee keer.
member-hosts = Dit mag wel, en wat daaronder ligt: { $said }.
member-email = Een e-mailadres, zoals werk@voorbeeld.nl.
member-url = Een webadres dat begint met https://
member-postcode = Vier cijfers, met of zonder twee letters, zoals 8232 AB.
member-pattern = Alleen in deze vorm: { $said }
member-length = { $least } tot en met { $most } tekens.
member-list = Een lijst van hoogstens { $most }, elk één keer.
member-object = Een onderdeel met: { $said }.
member-yes-no = Dit is true of false.

offers-find = Zoek op titel of kenmerk
offers-find-do = Zoek
offers-find-all = Toon alles
offers-find-on = Zoek verder
offers-found =
    { $count ->
        [0] Niets gevonden met “{ $text }”.
        [one] Eén gevonden met “{ $text }”.
       *[other] { $count } gevonden met “{ $text }”.
    }
offers-found-part = Nog niet alles is doorzocht.
offers-open = Open tot en met
offers-closed = gesloten
offers-applied =
    { $all ->
        [one] Eén sollicitatie
       *[other] { $all } sollicitaties
    }{ $waiting ->
        [0] {""}
       *[other] , { $waiting } te doen
    }

changes-parts = Veranderd:
changes-by-form = aan de balie
changes-by-delete = aan de balie
changes-by-list = aan de balie, met een lijst
changes-by-system = door een systeem
offers-kept-everyone = Bewaard. Alle partners vinden het vanaf nu:
offers-kept-some = Bewaard. Wie het volgens zijn voorwaarden mag zien, vindt het vanaf nu:
offers-kept-nobody = Bewaard. Maar niemand vindt het: de laatste dag waarop het open is, is voorbij:
offers-notes = Dit staat erin zoals u het schreef, maar wij kennen het niet. Wie daarop zoekt, vindt uw aanbod niet. Is het een vergissing? Verbeter het dan.
offers-changed-meanwhile = Iemand anders veranderde dit aanbod intussen. Er is nog niets bewaard. Wat u typte staat hieronder.
offers-changed-see = Bekijk het zoals het nu is (in een nieuw venster)
offers-changed-differs = Hierin verschilt wat u typte van wat er nu staat: { $parts }. Bewaart u, dan geldt wat u typte.
offers-changed-same = Wat u typte, is hetzelfde als wat er nu staat.
offers-delete-changed = Dit aanbod is intussen veranderd. Er is niets verwijderd. Wilt u het nog steeds?
member-kvk = Acht cijfers, zonder punten of spaties.
member-telephone = Een telefoonnummer van cijfers, met of zonder + ervoor, zoals 0320 123 456.
member-two-letters = Twee kleine letters.
import-closed = al gesloten: niemand vindt het
offers-gone-meanwhile = Iemand anders verwijderde dit aanbod intussen. Er is niets bewaard. Wat u schreef, staat hieronder nog. Kiest u “Bewaren”, dan komt het er opnieuw, met hetzelfde kenmerk.
offers-gone-rest = Wat dit formulier niet toont, zoals wie het mag zien, komt niet terug: ieder vindt het dan.
propose-ask = Stel vaardigheden voor uit de tekst
propose-found =
    { $count ->
        [one] Eén vaardigheid die in de tekst lijkt te staan
       *[other] { $count } vaardigheden die in de tekst lijken te staan
    }
propose-pick = Vink aan wat klopt. Wat u niet aanvinkt, bewaren wij niet.
propose-none = In de titel en de omschrijving vinden wij geen andere vaardigheid. Zoek er hierboven zelf een.
