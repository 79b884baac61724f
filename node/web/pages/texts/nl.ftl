# De teksten van de pagina's, in het Nederlands (B1). Elke tekst staat ook in en.ftl.

skip = Naar de inhoud
menu = Menu
log-in = Inloggen
log-out = Uitloggen
footer = Deze pagina's zijn van { $partner }. Uw gegevens staan alleen hier, tot u zelf iets deelt.
until = tot en met { $day }

portal-name = Mijn werk
portal-menu = home profile share seen
portal-menu-home = Begin
portal-menu-profile = Mijn profiel
portal-menu-share = Delen
portal-menu-seen = Wie zag wat
desk-name = Balie

problem-title = Dat lukte niet
problem-back = Naar het begin
problem-instance = Vraagt u hulp? Noem dan dit nummer: { $instance }
problem-log-in = U bent niet ingelogd.
problem-not-allowed = U mag dit niet met de rol waarmee u bent ingelogd.
problem-forged = Deze knop kwam niet van onze eigen pagina, of u bent intussen opnieuw ingelogd. Er is niets veranderd. Open de pagina opnieuw en probeer het nog een keer.
problem-not-found = Deze pagina is er niet.
problem-busy = U vraagt veel tegelijk. Wacht even en probeer het dan opnieuw.
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
        [one] Eén organisatie vraagt u iets
       *[other] { $count } organisaties vragen u iets
    }
home-look = Bekijk de vraag
home-sees =
    { $count ->
        [0] Niemand ziet iets van u
        [one] Eén organisatie mag iets van u zien
       *[other] { $count } keer mag een organisatie iets van u zien
    }
home-nobody = U deelt nu niets.
home-withdraw-why = Met Stoppen ziet een organisatie meteen niets meer, en moet zij wissen wat zij kreeg.
home-what =
    { $count ->
        [one] Eén ding
       *[other] { $count } dingen
    }
home-share = Iets delen
withdraw = Stoppen
withdraw-of = Stoppen met delen met { $name }
withdraw-all = Stop alles
told-withdrawn = Gestopt. Vanaf nu gaat er niets meer naar deze organisatie. Wat zij kreeg, moet zij wissen.
told-withdrawn-all = Alles is gestopt. Niemand ziet nog iets van u.

purpose-match-vacancy = Kijken of een vacature bij u past
purpose-be-contacted = Contact met u opnemen over werk
purpose-training-advice = U adviseren over een opleiding
purpose-application = Uw sollicitatie
purpose-regional-statistics = Tellen hoe het gaat op de arbeidsmarkt, zonder namen

field-title = wat u zoekt, in één regel
field-description = uw omschrijving
field-skills = uw vaardigheden
field-occupationsWanted = beroepen die u wilt
field-occupationsHeld = beroepen die u had
field-education = uw hoogste opleiding
field-hours = hoeveel uren u wilt werken
field-periodWishes = uw wensen per periode
field-workingTimes = wanneer u wilt werken
field-contracts = welke contracten u wilt
field-employersAtOnce = bij hoeveel werkgevers tegelijk
field-availableFrom = vanaf wanneer u kunt
field-availableUntil = tot wanneer u kunt
field-postcode = de vier cijfers van uw postcode
field-commute = hoe ver u wilt reizen
field-languages = talen die u spreekt
field-licences = uw rijbewijzen
field-sectors = sectoren die u wilt
field-interests = uw interesses
field-salaryWish = wat u wilt verdienen
field-contact-name = uw naam
field-contact-email = uw e-mailadres
field-contact-telephone = uw telefoonnummer

problem-nobody-picked = U koos nog geen organisatie. Ga terug en kies er een of meer.
problem-show-again = Laat eerst opnieuw zien wie u bent. Er is niets gedeeld.
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
check-anew-now = Opnieuw inloggen

language-code = nl
range = { $least } tot { $most }
range-one = { $value }
offer-title = Wat ik zoek
offer-description = Over mij
offer-skills = Wat ik kan
offer-skill-level = niveau { $level } van 5
offer-wanted = Beroepen die ik wil
offer-held = Beroepen die ik had
offer-years = { $years } jaar
offer-education = Opleiding
offer-hours = Uren per week
offer-times = Wanneer
offer-flexible = Flexibel.
offer-contracts = Soort contract
offer-employers = Werkgevers tegelijk, hoogstens
offer-from = Beschikbaar vanaf
offer-until = Beschikbaar tot en met
offer-wishes = Wensen per periode
offer-postcode = Postcode
offer-commute = Reizen
offer-minutes = hoogstens { $minutes } minuten
offer-kilometres = hoogstens { $kilometres } kilometer
offer-languages = Talen
offer-licences = Rijbewijs
offer-sectors = Sectoren
offer-interests = Interesses
offer-salary = Wat ik wil verdienen
offer-at-least = minstens
offer-at-most = hoogstens
offer-contact-name = Naam
offer-contact-email = E-mail
offer-contact-telephone = Telefoon
evidence-diploma = diploma
evidence-certificate = certificaat
evidence-microcredential = microcredential
evidence-open-badge = open badge
evidence-work = werkervaring
evidence-self-declared = zegt het zelf
education-10 = Basiseducatie of mbo 1 (NLQF 1)
education-20 = Vmbo of mbo 2 (NLQF 2)
education-30 = Mbo 3 (NLQF 3)
education-40 = Mbo 4 of havo (NLQF 4)
education-45 = Vwo (NLQF 4+)
education-50 = Associate degree (NLQF 5)
education-60 = Hbo- of wo-bachelor (NLQF 6)
education-70 = Master (NLQF 7)
education-80 = Doctoraat (NLQF 8)
contract-permanent = vast
contract-fixed-term = tijdelijk
contract-secondment = detachering
contract-apprenticeship = leerwerkplek (bbl)
contract-internship = stage
contract-work-experience = werkervaringsplek
contract-temporary-agency = uitzendwerk
contract-on-call = oproep
contract-freelance = zzp
contract-seasonal = seizoenswerk
contract-volunteer = vrijwilligerswerk
mode-car = met de auto
mode-bike = met de fiets
mode-public-transport = met het openbaar vervoer
mode-walk = lopend
wish-more-hours = meer uren
wish-fewer-hours = minder uren
wish-study-beside-work = leren naast werken
per-hour = per uur
per-day = per dag
per-week = per week
per-month = per maand
per-year = per jaar
part-mon-morning = maandagochtend
part-mon-afternoon = maandagmiddag
part-mon-evening = maandagavond
part-mon-night = maandagnacht
part-tue-morning = dinsdagochtend
part-tue-afternoon = dinsdagmiddag
part-tue-evening = dinsdagavond
part-tue-night = dinsdagnacht
part-wed-morning = woensdagochtend
part-wed-afternoon = woensdagmiddag
part-wed-evening = woensdagavond
part-wed-night = woensdagnacht
part-thu-morning = donderdagochtend
part-thu-afternoon = donderdagmiddag
part-thu-evening = donderdagavond
part-thu-night = donderdagnacht
part-fri-morning = vrijdagochtend
part-fri-afternoon = vrijdagmiddag
part-fri-evening = vrijdagavond
part-fri-night = vrijdagnacht
part-sat-morning = zaterdagochtend
part-sat-afternoon = zaterdagmiddag
part-sat-evening = zaterdagavond
part-sat-night = zaterdagnacht
part-sun-morning = zondagochtend
part-sun-afternoon = zondagmiddag
part-sun-evening = zondagavond
part-sun-night = zondagnacht
sector-A = landbouw, bosbouw en visserij
sector-B = winning van delfstoffen
sector-C = industrie
sector-D = energie
sector-E = water en afval
sector-F = bouw
sector-G = handel
sector-H = vervoer en opslag
sector-I = horeca
sector-J = informatie en communicatie
sector-K = financiële diensten
sector-L = vastgoed
sector-M = advies en onderzoek
sector-N = zakelijke diensten
sector-O = overheid
sector-P = onderwijs
sector-Q = zorg en welzijn
sector-R = cultuur, sport en recreatie
sector-S = overige diensten
sector-T = huishoudens
sector-U = internationale organisaties
