# Wat op alle pagina's staat (B1). Elke tekst staat ook in de map en.

skip = Naar de inhoud

menu = Menu

log-in = Inloggen
log-out = Uitloggen

footer = Deze pagina's zijn van { $partner }. U beslist zelf wie iets van u ziet.

until = tot en met { $day }

portal-name = Mijn werk

desk-name = Balie

problem-title = Dat lukte niet
problem-back = Naar het begin
problem-instance = Vraagt u hulp? Noem dan dit nummer: { $instance }
problem-log-in = U bent niet ingelogd.
problem-not-allowed = U mag dit niet met de rol waarmee u bent ingelogd.
problem-forged = Deze knop kwam niet van onze eigen pagina, of u bent intussen opnieuw ingelogd. Er is niets veranderd. Open de pagina opnieuw en probeer het nog een keer.
problem-of-another = Wat hier getypt was, kunt u niet zien: het is getypt door iemand anders, of het is niet zeker dat u het was. Het is weggegooid. Er is niets bewaard of verstuurd.
problem-not-found = Deze pagina is er niet.
problem-busy = U vraagt veel tegelijk. Wacht even en probeer het dan opnieuw.
problem-log-in-later = Vanaf uw netwerk is te vaak geprobeerd in te loggen zonder dat het lukte. Wacht een minuut en probeer het dan opnieuw.
problem-request = Wat u stuurde kunnen wij niet lezen. Ga terug en probeer het opnieuw.
problem-internal = Er ging bij ons iets mis. Er is niets veranderd. Probeer het later opnieuw.
problem-request-over = Deze vraag is al beantwoord, of is niet meer geldig.
problem-not-in-force = Deze toestemming was al gestopt.
problem-notice-differs = De tekst is intussen veranderd. Lees hem opnieuw en beslis dan.
problem-no-profile = U hebt nog geen profiel. Maak dat eerst.
problem-closed = Het systeem is hersteld na een storing. Delen kan straks weer; stoppen kan altijd.
problem-provider = Inloggen lukt nu niet: de dienst waar u inlogt antwoordt niet. Probeer het later opnieuw.
problem-login-wrong = Inloggen lukte niet: wat de inlogdienst stuurde klopt niet. Probeer het opnieuw.
problem-login-forbidden = Inloggen lukte niet: de inlogdienst stuurde gegevens die wij niet mogen krijgen. Er is niets bewaard. Meld dit bij ons.
problem-login-stale = Inloggen duurde te lang, of begon in een ander venster. Probeer het opnieuw.
problem-login-refused = U bent niet ingelogd: u stopte, of de inlogdienst liet u niet toe.
problem-login-no-role = U bent ingelogd, maar u hebt hier geen rol. Vraag uw beheerder om een rol.
problem-login-level = U logde in op een te laag niveau. Log in met een sterkere methode.
problem-show-again = Laat eerst opnieuw zien wie u bent. Er is niets gedeeld.

language-code = nl

problem-full = Wij kunnen nu niets bewaren. Er is niets veranderd. Probeer het later opnieuw.
problem-disk = De schijf van deze computer is vol: wij kunnen nu niets bewaren en niemand kan inloggen. Er is niets veranderd. Laat de beheerder ruimte maken en probeer het later opnieuw.
problem-not-sure = Zet eerst het vinkje. Er is niets gewist.
problem-not-signed-yet = Het bewijs is er nog niet: het wordt elke paar seconden gemaakt. Probeer het zo opnieuw.

newest = Nieuwste

older = Ouder
other-language = en
other-language-name = English
other-language-again = This page in English. What you typed stays.
role-municipality = gemeente
role-province = provincie
role-employer = werkgever
role-school = school
role-regional-work-company = sociaal ontwikkelbedrijf
role-training-provider = opleider
role-service-point = werkgeversservicepunt
role-temp-agency = uitzendbureau
search-pick =
    { $count ->
        [0] Niets gevonden voor “{ $text }”. Probeer een ander woord.
       *[other] Kies wat u zoekt:
    }
search-progress = Tijd tot alle antwoorden er moeten zijn
search-map = Kaart van de regio
search-map-said = Elke stip met een letter is een plaats met resultaten, of een paar plaatsen dicht bij elkaar. Het getal ernaast is hoeveel. Een stip brengt u naar het eerste resultaat daar. In de lijst staat die letter bij elk resultaat. De cirkel is hoe ver u kunt komen.
map-letter = op de kaart:
map-elsewhere =
    { $count ->
        [one] Eén resultaat staat niet op de kaart.
       *[other] { $count } resultaten staan niet op de kaart.
    }
map-dot =
    { $letter }: { $place }, { $count ->
        [one] één resultaat
       *[other] { $count } resultaten
    }
propose-said = In de tekst:
