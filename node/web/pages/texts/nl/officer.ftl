# De pagina's voor de functionaris gegevensbescherming.

privacy-officer-menu = outstanding budgets incidents revocations processing
desk-menu-outstanding = Nog te wissen
desk-menu-budgets = Dagbudget
desk-menu-incidents = Incident
desk-menu-revocations = Toestemming beëindigen
desk-menu-processing = Verwerkingen

home-privacy-officer = Toezicht op de gegevens van mensen
home-outstanding = wie nog niet heeft bevestigd dat iets is gewist
home-budgets = hoeveel elke partner vandaag over uw mensen hoorde
home-incidents = welke kopieën een partner kreeg in een bepaalde tijd
home-revocations = voor een werkende, of omdat een tekst niet klopte
home-processing = wat er met gegevens gebeurt, waarom, en hoe lang

aim-find-work = vacatures
aim-find-training = opleidingen
aim-match-vacancy = mensen die bij een vacature passen
aim-be-contacted = contact opnemen over werk of een opleiding
aim-training-advice = mensen adviseren over een opleiding
aim-application = sollicitaties
aim-regional-statistics = cijfers over de regio

to-erase-title = Nog te wissen
to-erase-lead = Wie stopt met delen of iets verbetert, mag verwachten dat kopieën worden gewist. Hier ziet u wie dat nog niet heeft bevestigd.
to-erase-partners = Bij andere partners
to-erase-partners-lead = Bel na { $late } uur de beheerder van die partner. Na { $overdue } uur geeft dit knooppunt haar niets meer over mensen. De werkende ziet zelf ook dat het nog openstaat.
to-erase-since = Sinds
to-erase-count = Aantal
to-erase-waiting = wacht
to-erase-late = te laat
to-erase-overdue = veel te laat
to-erase-left = niet meer in het register
to-erase-no-partners = Alle partners hebben bevestigd dat zij hebben gewist.
to-erase-systems = In onze eigen systemen
to-erase-systems-lead = Dit zijn gegevens van werkenden van andere partners. Laat ze wissen in het systeem, in mail en in bestanden, en bevestig dat met polder people erased.
to-erase-system = Systeem
to-erase-no-systems = Onze systemen hoeven niets meer te wissen.

budgets-title = Dagbudget van elke partner
budgets-lead = Een partner mag per dag hoogstens { $workers } verschillende werkenden zien, en hoogstens { $narrow } keer zo precies vragen dat er minder dan { $below } mensen overblijven. De dag begint om middernacht UTC.
budgets-plot = Verschillende werkenden, vandaag
budgets-day = Dag
budgets-today = vandaag
budgets-workers = Werkenden
budgets-narrow = Precieze vragen
budgets-spent = op
budgets-nearly = bijna op
budgets-then = Is een budget op, dan krijgt de partner tot morgen geen antwoord over mensen. Gebeurt dat vaak? Vraag de partner waarom. Uw beheerder kan de grenzen veranderen.
budgets-none = Gisteren en vandaag hoorde geen partner iets over uw mensen.

incidents-title = Een incident bij een partner
incidents-lead = Is er bij een partner iets misgegaan met gegevens? Kies de partner en de tijd. U ziet welke kopieën van uw werkenden die partner toen kreeg, en onder welke toestemming. Namen staan er niet bij: werkenden staan er met het kenmerk waaronder die partner hen kent.
incidents-partner = Partner
incidents-from = Van
incidents-until = Tot
incidents-look = Zoek op
incidents-wrong-partner = Kies een partner uit de lijst.
incidents-wrong-moment = Vul bij allebei een dag en een tijd in.
incidents-wrong-order = Het einde moet na het begin liggen.
incidents-wrong-long = Kies hoogstens 31 dagen. Zoek een langere tijd in stukken op.
incidents-wrong-many = In die tijd is er zo veel verstrekt dat het niet in één keer kan. Kies een kortere tijd.
incidents-found = Kopieën: { $copies }. Werkenden: { $workers }. Toestemmingen: { $consents }.
incidents-cut = Alleen de eerste { $count } staan erin: kies een kortere tijd voor de rest.
incidents-held = Mag de partner nog hebben
incidents-over = Tijd voorbij, wissen niet bevestigd
incidents-erased = Gewist, zegt de partner
incidents-csv = Download als tabel (CSV)
incidents-json = Download als JSON
incidents-then = Moeten mensen het horen? Elke werkende ziet op de eigen pagina’s welke partner wat kreeg. Toestemmingen kunt u beëindigen bij “Toestemming beëindigen”.
incidents-handle = Kenmerk van de werkende
incidents-at = Verstrekt
incidents-fields = Wat
incidents-applications = Sollicitaties: { $count }.
incidents-application = Sollicitatie
incidents-under = Volgens
incidents-this-page = Alleen wat u op deze pagina aanvinkt, telt mee.
incidents-consent = Toestemming
incidents-is-erased = gewist
incidents-is-held = mag de partner hebben
incidents-is-over = tijd voorbij
incidents-nothing = In die tijd kreeg deze partner niets over uw werkenden.

revocations-title = Toestemming beëindigen
revocations-lead = U kunt toestemmingen en sollicitaties van uw werkenden beëindigen als daar een reden voor is. De werkende ziet dat, met de reden. Eerst ziet u wat er precies gebeurt; daarna beslist u.
revocations-whose = Welke toestemmingen?
revocations-by-worker = Alle van één werkende
revocations-key = Kenmerk van het profiel
revocations-by-notice = Alle die op één tekst zijn gegeven, precies zoals hij er stond
revocations-notice = Kenmerk van die tekst (sha256, 64 tekens)
revocations-why = Waarom?
revocations-ground-worker-asked = de werkende vroeg erom, bijvoorbeeld met een brief
revocations-ground-purpose-ended = wij doen niet meer waarvoor zij is gegeven
revocations-ground-recipient-unfit = de ontvanger houdt zich niet aan de afspraken
revocations-ground-notice-wrong = de tekst die de werkende las, klopte niet
revocations-ground-not-free = zij is niet vrijwillig gegeven
revocations-ground-another-person = iemand anders dan de werkende gaf haar
revocations-ground-authority = een toezichthouder of rechter besliste het
revocations-reaches-back = (werkt terug: de toestemming heeft dan nooit gegolden)
revocations-look = Bekijk wat er gebeurt
revocations-wrong-ground = Kies een reden.
revocations-wrong-notice = Het kenmerk van een tekst is 64 tekens lang: cijfers en de letters a tot en met f.
revocations-no-notice = Die tekst kennen wij niet: er is hier nooit toestemming op gegeven.
revocations-wrong-key = Vul het kenmerk van het profiel in, zoals uw systeem het heeft.
revocations-no-worker = Er is hier geen profiel met dat kenmerk.
revocations-sure = Dit gebeurt er
revocations-of-worker = Alle toestemmingen en sollicitaties van de werkende met profiel { $key }.
revocations-of-notice = Alle toestemmingen op de tekst { $notice }.
revocations-ground-is = Reden: { $ground }.
revocations-in-force =
    { $count ->
        [0] Geen daarvan geldt nu nog.
        [one] Eén daarvan geldt nu nog.
       *[other] { $count } daarvan gelden nu nog.
    }
revocations-erases =
    { $count ->
        [0] Niemand hoeft iets te wissen.
        [one] Eén ontvanger moet wissen wat zij kreeg.
       *[other] { $count } ontvangers moeten wissen wat zij kregen.
    }
revocations-cannot-undo = U kunt dit niet terugdraaien. Alleen de werkende kan opnieuw toestemming geven.
revocations-end =
    { $count ->
        [one] Beëindig deze toestemming
       *[other] Beëindig deze { $count } toestemmingen
    }
revocations-end-back = Leg dit vast
revocations-back = Terug, niets doen
revocations-changed = Er is intussen iets veranderd. Er is nog niets beëindigd. Kijk opnieuw.
revocations-done = Dit is gebeurd:
revocations-done-then = Wie nog moet wissen, ziet u bij:
revocations-another = Nog iets beëindigen

processing-title = Verwerkingen
processing-lead = Wat { $partner } met gegevens van mensen doet, zover dit knooppunt het weet. U kunt dit gebruiken voor uw register van verwerkingen (AVG, artikel 30).
processing-controller = Verantwoordelijk
processing-contact = Contact over gegevens
processing-no-contact = niet ingesteld: zet een adres bij contact
processing-profiles = profielen bewaren
processing-in-use = in gebruik
processing-not-in-use = niet in gebruik
processing-no-basis = Grondslag niet ingesteld: zie legal_basis in de instellingen.
processing-basis-consent = Grondslag: toestemming.
processing-basis-contract-request = Grondslag: op verzoek van de werkende, voor een contract.
processing-basis-contract = Grondslag: een contract met de werkende.
processing-basis-legal-obligation = Grondslag: een wettelijke plicht.
processing-basis-public-task = Grondslag: een taak van algemeen belang.
processing-basis-legitimate-interest = Grondslag: een gerechtvaardigd belang.
processing-lease =
    { $hours ->
        [168] Een ontvanger mag een kopie 7 dagen gebruiken zonder opnieuw te vragen.
       *[other] Een ontvanger mag een kopie { $hours } uur gebruiken zonder opnieuw te vragen.
    }
processing-fields = Wat een ander hoogstens ziet ({ $count } gegevens)
processing-kept = Hoe lang het wordt bewaard
processing-kept-consent = Een toestemming geldt hoogstens
processing-kept-ledger = Wie wat zag
processing-kept-remembered = Dat iets eindigde en is gewist
processing-kept-processing = Regels van het verwerkingenlog
processing-kept-keys = Over wie zo'n regel gaat
processing-days = { $days } dagen

incidents-purpose = Waarvoor
incidents-all-purposes = Alles
incidents-wrong-purpose = Kies een doel uit de lijst.
incidents-rows = Kopieën { $first } tot en met { $last } van { $all }
incidents-next = Volgende kopieën
incidents-end-why = Wilt u toestemmingen of sollicitaties beëindigen? Vink ze aan. Daarna ziet u eerst wat er gebeurt. Bij wat niet meer geldt, kan alleen nog een reden die terugwerkt.
incidents-end = Verder met wat u aanvinkte
incidents-end-all = Alle aan deze partner

revocations-by-partner = Alle aan één partner
revocations-by-incident = Alleen enkele toestemmingen of sollicitaties? Vink ze aan bij de kopieën die een partner kreeg:
revocations-pick-profile = Kies uit de profielen van dit knooppunt
revocations-pick-notice = Kies uit de teksten die werkenden lazen
revocations-wrong-partner = Kies een partner uit de lijst.
revocations-wrong-picked = Vink één of meer toestemmingen of sollicitaties aan, hoogstens 200.
revocations-of-partner = Alle toestemmingen die werkenden van dit knooppunt aan { $name } gaven, en hun sollicitaties daar.
revocations-of-picked =
    { $count ->
        [one] Wat u bij een incident aanvinkte: één toestemming of sollicitatie.
       *[other] Wat u bij een incident aanvinkte: { $count } toestemmingen of sollicitaties.
    }

pick-profiles = Kies een profiel
pick-profiles-lead = Profielen van werkenden bij dit knooppunt, met het kenmerk. Namen staan hier niet. De werkende ziet het eigen kenmerk bij Mijn gegevens; ook het systeem waarmee u werkt, weet welk kenmerk van wie is.
pick-profiles-none = Er zijn hier nog geen profielen.
pick-notices = Kies een tekst
pick-notices-lead = Versies van de tekst waarop werkenden hier iets deelden of solliciteerden, per taal, die met de meeste toestemmingen eerst. Aan wie, en voor welke vacature, staat er niet bij.
pick-notices-none = Er is hier nog geen toestemming gegeven.
pick-key = Kenmerk van het profiel
pick-one = Kies profiel { $key }
pick-text =
    { $count ->
        [one] Eén toestemming op deze tekst
       *[other] { $count } toestemmingen op deze tekst
    }
pick-version = Versie { $version }, in het { $language }: { $aim }
pick-in-nl = Nederlands
pick-in-en = Engels
pick-this-text = Kies deze tekst

budgets-more =
    { $count ->
        [one] En nog één regel, van wie minder zag.
       *[other] En nog { $count } regels, van wie minder zagen.
    }

revocations-end-applications =
    { $count ->
        [one] Stop deze sollicitatie
       *[other] Stop deze { $count } sollicitaties
    }
revocations-end-both = Beëindig dit alles
incidents-erased-since =
    { $count ->
        [one] Eén werkende ontbreekt: die liet later alles wissen, en deze partner had in of rond deze dagen iets gekregen. Wat, en over wie, weet dit knooppunt niet meer.
       *[other] { $count } werkenden ontbreken: zij lieten later alles wissen, en deze partner had in of rond deze dagen iets gekregen. Wat, en over wie, weet dit knooppunt niet meer.
    }

revocations-by-text = Alle die op één versie van de tekst zijn gegeven
revocations-of-text = Alles wat werkenden gaven op deze tekst:
revocations-wrong-text = Kies een versie van de tekst uit de lijst.
pick-text-applications =
    { $count ->
        [one] Eén sollicitatie op deze tekst
       *[other] { $count } sollicitaties op deze tekst
    }
incidents-to-erase = Moet de partner wissen, nog niet bevestigd
incidents-is-to-erase = moet gewist worden
incidents-ended = (geldt niet meer)
revocations-consents-will =
    { $count ->
        [0] Geen enkele toestemming wordt beëindigd.
        [one] Eén toestemming wordt beëindigd.
       *[other] { $count } toestemmingen worden beëindigd.
    }
revocations-consents-done =
    { $count ->
        [0] Geen enkele toestemming is beëindigd.
        [one] Eén toestemming is beëindigd.
       *[other] { $count } toestemmingen zijn beëindigd.
    }
revocations-consents-back-will =
    { $count ->
        [0] Er verandert niets.
        [one] Van één toestemming leggen wij vast dat zij nooit heeft gegolden.
       *[other] Van { $count } toestemmingen leggen wij vast dat zij nooit hebben gegolden.
    }
revocations-consents-back-done =
    { $count ->
        [0] Er is niets veranderd.
        [one] Van één toestemming is vastgelegd dat zij nooit heeft gegolden.
       *[other] Van { $count } toestemmingen is vastgelegd dat zij nooit hebben gegolden.
    }
revocations-applications-will =
    { $count ->
        [one] Eén sollicitatie wordt gestopt.
       *[other] { $count } sollicitaties worden gestopt.
    }
revocations-applications-done =
    { $count ->
        [one] Eén sollicitatie is gestopt.
       *[other] { $count } sollicitaties zijn gestopt.
    }
revocations-applications-back-will =
    { $count ->
        [one] Van één sollicitatie leggen wij vast dat zij nooit heeft gegolden.
       *[other] Van { $count } sollicitaties leggen wij vast dat zij nooit hebben gegolden.
    }
revocations-applications-back-done =
    { $count ->
        [one] Van één sollicitatie is vastgelegd dat zij nooit heeft gegolden.
       *[other] Van { $count } sollicitaties is vastgelegd dat zij nooit hebben gegolden.
    }
processing-not-offered = Deze versie van Polder biedt dit nog niet aan. Niemand kan er toestemming voor geven en er gaat niets voor naar anderen.
