# De beschrijving van de koppelingen (/reference), voor wie systemen bouwt. Elke tekst staat ook in de map en.

reference-name = Koppelingen
reference-footer = Deze pagina's zijn van { $partner }, voor wie een systeem aansluit.
reference-title = Een systeem aansluiten
reference-lead = Wat uw systeem dit knooppunt kan vragen, met een voorbeeld van elk verzoek en elk antwoord. Dit is versie { $version }.
reference-language = De beschrijvingen zelf zijn in het Engels, net als de namen van velden.
reference-operations = Wat er is
reference-count = { $count ->
    [one] { $count } verzoek
   *[other] { $count } verzoeken
}
reference-tag-offers = Aanbod
reference-tag-bulk = Veel tegelijk, en wat er veranderde
reference-tag-federation = Vragen aan alle partners
reference-tag-workers = Voor werkenden
reference-tag-applications = Sollicitaties
reference-tag-erasures = Contact en wissen
reference-tag-rights = Rechten van werkenden
reference-tag-clients = Aangesloten systemen
reference-tag-meta = Deze beschrijving
reference-begin = Zo begint u
reference-begin-register = Maak een sleutelpaar en laat uw systeem hier aanmelden met de publieke helft. Een beheerder stelt het voor, een ander keurt het goed.
reference-begin-token = Haal een token met een ondertekende verklaring. Een token geldt vijf minuten en hoort bij uw sleutel.
reference-begin-try = Probeer uw eerste aanbod zonder dat er iets wordt opgeslagen.
reference-begin-types = Maak een client met types uit het OpenAPI-document.
reference-server = Waar tokens vandaan komen, en met welke algoritmen:
reference-rules = Wat overal geldt
reference-rule-versions = Elk aanbod heeft een versie; u kunt zorgen dat u niets overschrijft wat u niet kent.
reference-rule-pages = Lijsten komen per bladzijde; een verwijzing leidt naar de volgende.
reference-rule-limits = Elk antwoord zegt hoeveel u nog mag vragen.
reference-rule-once = Wat iets nieuws maakt, kunt u veilig nog eens sturen.
reference-rule-change = Wat verdwijnt, wordt minstens een half jaar van tevoren gezegd, ook in de antwoorden zelf.
reference-problems = Wat er mis kan zijn
reference-problems-lead = Elke fout is een document (RFC 9457) van een van deze soorten:
reference-all = Overzicht
reference-may = Nodig:
reference-or = of
reference-operator = het token van wie de machine beheert
reference-worker = een token dat een werkende zelf maakt
reference-everyone = niets, dit is voor iedereen
reference-parameters = Parameters
reference-in-path = (in het adres)
reference-in-query = (achter het vraagteken)
reference-in-header = (header)
reference-required = verplicht
reference-body = Inhoud
reference-example = Voorbeeld
reference-replies = Antwoorden
reference-see = Bekijk
reference-try = Probeer het hier
reference-token = Token
reference-token-hint = Van wie de machine beheert, of van een werkende. Het blijft in deze pagina en wordt nergens bewaard. Tokens van systemen horen bij een sleutel, en werken alleen vanuit het systeem zelf.
reference-send = Verstuur
reference-reply = Antwoord:
reference-failed = Er kwam geen antwoord. Kijk of het knooppunt te bereiken is en probeer het opnieuw.
reference-no-token = Vul boven aan de pagina eerst een token in.
reference-changes = Let op: dit verandert echt iets op dit knooppunt.
