# De pagina's voor medewerkers.

desk-menu = search applications asked offers erasures
desk-menu-home = Begin
desk-menu-search = Zoeken
desk-menu-asked = Contact
desk-menu-offers = Aanbod

desk-welcome-title = De balie
desk-welcome-lead = Hier vraagt u aan alle partners tegelijk welk werk, welke opleidingen en welke mensen er zijn. Deze pagina's zijn voor medewerkers van { $partner }.
desk-welcome-nowhere = Bij { $partner } kunnen medewerkers nog niet inloggen.
desk-welcome-worker = Zoekt u zelf werk of een opleiding? Dan moet u hier zijn:

role-desk = Zoeken bij alle partners, mensen om contact vragen, en ons aanbod bijhouden
role-privacy-officer = Toezien op de gegevens van mensen
role-administrator = Het knooppunt beheren

desk-home-roles = Dit kunt u hier doen:
desk-home-search = Wat zoekt u?

search-kind-vacancy = Vacatures zoeken
search-kind-training = Opleidingen zoeken
search-kind-skill-offer = Mensen zoeken
search-about-vacancy = bij alle werkgevers in de regio, voor iemand die werk zoekt
search-about-training = bij alle scholen in de regio, voor iemand die wil leren
search-about-skill-offer = voor een vacature of opleiding van uw eigen organisatie
search-tab-vacancy = Vacatures
search-tab-training = Opleidingen
search-tab-skill-offer = Mensen

desk-footer = Deze pagina's zijn van { $partner }, voor medewerkers.

search-people-rule = U ziet alleen mensen die dat zelf met uw organisatie delen, en alleen wat zij delen. Namen ziet u niet. Elk antwoord wordt opgeschreven: de werkende ziet dat u keek, en waarvoor.
search-people-rule-vacancy = U ziet alleen mensen die met uw organisatie delen of een vacature bij hen past, en alleen wat zij delen. Namen ziet u niet. Elk antwoord wordt opgeschreven: de werkende ziet dat u keek, en voor welke vacature.
search-people-rule-training = U ziet alleen mensen die advies over een opleiding van uw organisatie willen, en alleen wat zij daarvoor delen. Namen ziet u niet. Elk antwoord wordt opgeschreven: de werkende ziet dat u keek, en voor welke opleiding.
search-for-own = Waarvoor zoekt u mensen?
search-no-own = Uw organisatie heeft nu geen vacature of opleiding die open is. Zonder kunt u geen mensen zoeken.
search-occupations = Beroepen
search-skills = Vaardigheden
search-find-occupation = Zoek een beroep
search-find-skill = Zoek een vaardigheid
search-from = Vanaf welke plaats of postcode
search-minutes = Reistijd in minuten, hoogstens
search-mode = Hoe reist men
search-text = Woorden in de tekst
search-hours-min = Uren per week, minstens
search-hours-max = Uren per week, hoogstens
search-limit = Hoeveel resultaten
search-ask = Vraag alle partners
search-all-hint = Vult u niets in, dan vraagt u alles.
search-all = U vulde niets in: u vroeg dus alles.

search-not-asked = Er is nog niets gevraagd. Verbeter dit eerst:
search-wrong = Deze vraag kan zo niet worden gesteld.
search-wrong-travel = U vulde minuten in, maar geen plaats.
search-wrong-place = Die plaats of postcode kennen wij niet.
search-wrong-place-near = Die plaats of postcode kennen wij niet. Bedoelt u: { $near }?
search-wrong-minutes = Vul bij een plaats in hoeveel minuten reizen hoogstens: 1 tot 240.
search-wrong-hours = Uren per week zijn hele getallen van 0 tot 80, en minstens is niet meer dan hoogstens.
search-wrong-text = Schrijf een paar woorden die in de tekst kunnen staan, hoogstens 200 tekens.
search-wrong-about = Kies een vacature of een opleiding van uw organisatie die nog open is.
search-wrong-skills = Een van deze vaardigheden kennen wij niet meer.
search-wrong-occupations = Een van deze beroepen kennen wij niet meer.
search-wrong-skills-pick = Kies eerst een van deze vaardigheden, of maak het veld leeg.
search-wrong-skills-none = Deze vaardigheid kennen wij niet. Probeer een ander woord, of maak het veld leeg.
search-wrong-occupations-pick = Kies eerst een van deze beroepen, of maak het veld leeg.
search-wrong-occupations-none = Dit beroep kennen wij niet. Probeer een ander woord, of maak het veld leeg.
search-wrong-purpose = Uw organisatie zoekt geen mensen voor dit doel. De beheerder kan dat instellen.

search-contact = Vraag om contact
search-own = Deze werkende hoort bij uw eigen organisatie.

asked-title = Vragen om contact
asked-told = Gevraagd. De werkende beslist; u ziet hier of er contact mag zijn. Vroeg u dit de laatste 30 dagen al, dan krijgt de werkende de vraag niet nog eens.
asked-rule = U ziet alleen of contact nu mag. Waarom niet, ziet u niet: een werkende die nee zegt of nog niet antwoordde ziet er hetzelfde uit.
asked-none = U vroeg nog niemand om contact.
asked-item = Gevraagd op { $day }
asked-known-by = Kenmerk van deze werkende bij u:
asked-state-given = mag nu
asked-state-not-given = mag nu niet
asked-state-asked = gevraagd voor een andere organisatie
asked-state-unknown = weten wij nu niet: die partner antwoordt niet
asked-not-known = Niet elke partner antwoordt nu.
asked-again = Kijk opnieuw
asked-for-own = Voor welke vacature of opleiding?
asked-show = Toon hoe u contact opneemt

reached-title = Zo neemt u contact op
reached-rule = De werkende ziet dat u dit hebt bekeken. Gebruik het alleen om contact op te nemen, tot en met { $day }. Stopt de werkende, dan moet u ook wissen wat u opschreef of opsloeg.

problem-cannot-ask = Dit kan uw organisatie deze werkende niet vragen. Er is niets gevraagd.
problem-partner-silent = De andere partner antwoordt nu niet. Probeer het later opnieuw.
problem-no-contact = Deze werkende geeft uw organisatie nu geen contactgegevens.
problem-another-vacancy = U vroeg deze werkende voor een andere vacature of opleiding. Alleen daarvoor kunt u contact opnemen. Er is niets bekeken.
problem-no-vacancy = Kies een vacature of een opleiding van uw organisatie die nog open is.

search-results = Resultaten
search-busy = De partners antwoorden…
search-found =
    { $count ->
        [0] Niets gevonden.
        [one] Eén resultaat.
       *[other] { $count } resultaten.
    } { $partners ->
        [one] Eén partner antwoordde.
       *[other] { $partners } partners antwoordden.
    }
search-more = Er is meer. Kies bij “Hoeveel resultaten” een hoger getal, of vraag preciezer.
search-failed = De vraag is afgebroken. Vraag het opnieuw.
search-answered = { $partner }: { $hits }
search-missing = { $partner } { $why }
search-incomplete = Deze partners ontbreken. Er kan dus meer zijn:
search-who-answered = Wie antwoordde
search-untitled = Zonder titel
search-reasons = Waarom dit past
search-details = Alles over dit resultaat
search-score = punten, van hoogstens 1000:
search-at = via

fact-skills-vacancy = Vraagt
fact-skills-training = Leert
fact-skills-skill-offer = Kan
fact-wanted = Wil werken als
fact-held = Werkte als

reason-skill = vaardigheid { $skill }
reason-skill-broader = vaardigheid { $skill }, breder: { $matched }
reason-skill-narrower = vaardigheid { $skill }, smaller: { $matched }
reason-important = belangrijk
reason-optional = pluspunt
reason-occupation = beroep { $occupation }
reason-text = woord “{ $term }”
reason-remote = op afstand
reason-minutes =
    { $minutes ->
        [one] 1 minuut
       *[other] { $minutes } minuten
    }
reason-kilometres = { $kilometres } km
reason-reach = bereikbaar
reason-hours = de uren passen: { $hours }
reason-hours-fit = de uren passen
reason-fresh =
    { $days ->
        [0] vandaag gewijzigd
        [one] gisteren gewijzigd
       *[other] { $days } dagen geleden gewijzigd
    }

missing-unreachable = is niet bereikbaar
missing-slow = antwoordde niet op tijd
missing-refused = weigerde de vraag
missing-overloaded = heeft het te druk
missing-untrustworthy = stuurde iets wat niet klopt
missing-ranking-unsupported = kan deze rangschikking niet berekenen
missing-clock-skew = heeft een andere tijd op de klok
missing-not-a-member = kent ons niet als lid
missing-suspended = is geschorst in het ledenregister
missing-not-asked = is niet gevraagd: te veel partners tegelijk
missing-no-disclosure = antwoordt nu niet over mensen
missing-budget-spent = heeft ons vandaag zoveel over zijn mensen verteld als mag
missing-changing = veranderde het aanbod te snel om het te lezen

offers-title = Ons aanbod
offers-told-deleted = Verwijderd. Niemand vindt het meer.
offers-new-vacancy = Nieuwe vacature
offers-new-training = Nieuwe opleiding
offers-edit-vacancy = Vacature wijzigen
offers-edit-training = Opleiding wijzigen
offers-total =
    { $count ->
        [0] Er is nog niets.
        [one] Er is er één.
       *[other] Er zijn er { $count }.
    }
offers-name = Titel
offers-key = Kenmerk
offers-key-label = Eigen kenmerk (leeg laten mag)
offers-changed = Gewijzigd
offers-delete = Verwijderen
offers-delete-of = { $title } verwijderen
offers-delete-why = Niemand vindt dit aanbod met kenmerk { $key } dan nog. Mensen kunt u er ook niet meer voor zoeken. Terughalen kan niet.
offers-first = Naar het begin
offers-next = Volgende
offers-not-kept = Er is nog niets bewaard. Verbeter dit eerst:
offers-keep = Bewaren
offers-back = Naar de lijst
offers-rest = Wat dit formulier niet toont, blijft zoals het is.
offers-part-title = Titel
offers-part-description = Omschrijving
offers-part-weeks = Duur in weken
offers-part-contracts = Soort contract
offers-part-closing = Tot en met welke dag het open is
offers-whom-vacancy = Werkgever
offers-whom-training = School
offers-skills-vacancy = Vaardigheden die nodig zijn
offers-skills-training = Vaardigheden die men leert
offers-level-vacancy = Opleiding die minstens nodig is
offers-level-training = Niveau van de opleiding
offers-postcode = Postcode
offers-place = Plaats
offers-url = Webadres
offers-email = E-mailadres
problem-offer-key = Een kenmerk is 1 tot 100 tekens: letters, cijfers en . _ ~ -

changes-title = Geschiedenis
changes-lead = Wat er met uw aanbod gebeurde, het nieuwste eerst.
changes-none = Er is nog niets gebeurd.
changes-when = Wanneer
changes-what = Wat
changes-made-vacancy =
    { $version ->
        [1] nieuwe vacature
       *[other] vacature gewijzigd, nu versie { $version }
    }
changes-made-training =
    { $version ->
        [1] nieuwe opleiding
       *[other] opleiding gewijzigd, nu versie { $version }
    }
changes-deleted-vacancy = vacature verwijderd
changes-deleted-training = opleiding verwijderd

import-title = Veel tegelijk invoeren
import-heading-vacancy = Vacatures invoeren
import-heading-training = Opleidingen invoeren
import-lines = Of plak uw lijst hier
import-try = Controleer zonder te bewaren
import-store =
    { $count ->
        [one] Bewaar de goede regel
       *[other] Bewaar de { $count } goede regels
    }
import-tried =
    { $count ->
        [0] Er is niets bewaard, en er is geen goede regel.
        [one] Er is nog niets bewaard. Eén regel is goed.
       *[other] Er is nog niets bewaard. { $count } regels zijn goed.
    }
import-stored =
    { $count ->
        [0] Er is niets bewaard.
        [one] Eén regel is bewaard.
       *[other] { $count } regels zijn bewaard.
    }
import-refused =
    { $count ->
        [0] Geen regel is geweigerd.
        [one] Eén regel is geweigerd:
       *[other] { $count } regels zijn geweigerd:
    }
import-too-many = Dat zijn te veel regels: hoogstens { $most } tegelijk. Voer de rest apart in, of laat uw systeem het doen.
import-line = Regel
import-wrong = Wat er niet klopt
import-full = Er past geen aanbod meer bij.

import-more =
    { $count ->
        [one] Nog één regel is geweigerd. Verbeter eerst deze.
       *[other] Nog { $count } regels zijn geweigerd. Verbeter eerst deze.
    }

asked-about-vacancy = Voor de vacature { $title }
asked-about-training = Voor de opleiding { $title }
search-more-most = Er is meer. Vraag preciezer om ook dat te zien.
asked-fields = Gevraagd is:
asked-again-rule = Vraagt u iemand binnen 30 dagen nog eens, dan ziet de werkende die vraag niet.
