# Sollicitaties die binnenkwamen, en wat medewerkers moeten wissen.

desk-menu-applications = Sollicitaties
desk-menu-erasures = Wissen

desk-home-waits = Dit wacht op u
desk-home-applications =
    { $count ->
        [one] Eén sollicitatie is nog niet afgehandeld
       *[other] { $count } sollicitaties zijn nog niet afgehandeld
    }
desk-home-applications-why = De werkende wacht op uw antwoord.
desk-home-erasures =
    { $count ->
        [one] Eén keer wissen
       *[other] { $count } keer wissen
    }
desk-home-erasures-why = Iemand deelt iets niet meer met uw organisatie. Wis wat u opschreef, en bevestig dat.

received-title = Sollicitaties
received-lead = Wie solliciteert op een vacature van uw organisatie, de nieuwste eerst. U ziet precies wat de werkende u wilde laten zien.
received-for = Voor welke vacature
received-all = Alle vacatures
received-count =
    { $count ->
        [one] één sollicitatie
       *[other] { $count } sollicitaties
    }
received-show = Toon
received-none = Er zijn nu geen sollicitaties.
received-nameless = Sollicitatie { $number }
received-no-vacancy = De vacature is er niet meer
received-at = Binnengekomen op { $moment }
received-until = te gebruiken tot { $day }
received-rule = Stopt een werkende met een sollicitatie, of is de tijd voorbij, dan verdwijnt zij hier met alles wat erin stond. Wat u dan zelf nog moet wissen, staat bij
received-state-received = Ontvangen
received-state-closed = Afgehandeld
received-told-received = Vastgelegd. De werkende ziet binnen enkele minuten weer: Ontvangen.
received-told-closed = Vastgelegd. De werkende ziet binnen enkele minuten: Afgehandeld.
received-kept = U mag dit gebruiken tot { $moment }. De werkende ziet dezelfde tijd. Daarna verdwijnt het hier, en moet u ook wissen wat u ervan opschreef. Stopt de werkende eerder, dan moet u meteen wissen. Schrijf dus niets over als dat niet nodig is.
received-longer = Meer tijd nodig?
received-longer-why = Vraag de werkende of u contact mag houden. Zegt de werkende ja, dan ziet u bij “Contact” hoe u hem of haar bereikt, ook als deze sollicitatie hier weg is.
received-matched = Dit vraagt u, en noemt de werkende
received-sent = Wat de werkende u stuurde
received-status = Wat de werkende ziet
received-close-why = De werkende ziet nu: Ontvangen. Bent u klaar met deze sollicitatie, dan ziet de werkende: Afgehandeld. Laat zelf weten wat u besloot: dat staat er niet bij.
received-close = Ik ben klaar met deze sollicitatie
received-reopen-why = De werkende ziet nu: Afgehandeld. Gaat u toch verder, dan ziet de werkende weer: Ontvangen.
received-reopen = Toch weer in behandeling nemen
problem-application-gone = Deze sollicitatie is er niet meer, en ook niets van wat erin stond. De werkende stopte ermee of veranderde haar, of de tijd was voorbij. Een veranderde sollicitatie staat opnieuw in de lijst. Wis wat u er zelf van opschreef.

erasing-title = Wissen
erasing-lead = Deze mensen delen dit niet meer met uw organisatie, of veranderden het. Wis wat u en uw collega's ervan opschreven of opsloegen. Een naam staat er niet bij: die hebben wij niet. U herkent de werkende aan het kenmerk, de dag en de vacature of opleiding, en soms aan de regel uit uw zoekvraag.
erasing-none = Er is niets te wissen.
erasing-item = Te wissen sinds { $day }
erasing-looked = Hier bekeken op:
erasing-looked-unknown = Wanneer dit hier bekeken is, weten wij niet meer.
erasing-for-vacancy = voor { $title }
erasing-for-key-vacancy = voor de vacature met kenmerk { $key }
erasing-for-key-training = voor de opleiding met kenmerk { $key }
erasing-applied = Deze sollicitatie kwam binnen op:
erasing-for-training = voor de opleiding { $title }
erasing-only = Wis alleen dit:
erasing-all = Wis wat u hiervoor van deze werkende kreeg. Wat u voor iets anders kreeg en nog mag gebruiken, hoeft niet weg.
erasing-where = Denk aan uw eigen systeem, e-mail, notities, gedeelde mappen en papier.
erasing-sure = Alle { $count } hierboven zijn overal gewist.
erasing-this = Dit is overal gewist.
erasing-done = Bevestig het wissen
erasing-told = Vastgelegd. De werkende ziet dat het gewist is, zodra ook uw systemen dat hebben gezegd.
erasing-changed = Er is niets vastgelegd: de lijst is intussen veranderd. Dit is de lijst zoals zij nu is.
erasing-more =
    { $count ->
        [one] Daarna is er nog één.
       *[other] Daarna zijn er nog { $count }.
    }
erasing-law = Moet u iets bewaren volgens de wet? Vink het dan niet aan, maar vraag uw beheerder: het systeem zegt daarbij welke wet, en tot wanneer.
received-same = Alle sollicitaties op deze vacature
erasing-not-ticked = U vinkte nog niets aan. Vink aan wat u hebt gewist, of vink onderaan alles aan. Er is niets vastgelegd.
