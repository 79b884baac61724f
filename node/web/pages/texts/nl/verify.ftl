# Het logboek nakijken. Wat op %1, %2 staat vult de pagina in.

verify-tab = Nakijken
verify-title = Klopt het logboek?
verify-lead = Van alles wat u besliste en wat iemand van u zag, staat een regel in een logboek. Andere organisaties zetten daar hun handtekening onder. Hier rekent uw eigen apparaat na of uw regels er zo in staan.
verify-start = Kijk nu na
verify-busy = Uw apparaat rekent …
verify-holds = klopt
verify-wrong = klopt niet
verify-unknown = niet nagekeken

verify-whole = Alles klopt. Uw regels staan in het logboek zoals u ze hier ziet.
verify-whole-unsigned = Wat uw browser kan nakijken, klopt. De handtekeningen kon hij niet nakijken.
verify-not-whole = Er klopt iets niet. Bewaar het bewijs en laat het zien aan iemand die u vertrouwt, of aan de Autoriteit Persoonsgegevens.
verify-failed = Nakijken lukte nu niet: het bewijs kwam niet, of is niet te lezen. Het wordt elke paar seconden gemaakt; probeer het zo opnieuw.
verify-not-yet = Het bewijs is er nog niet: het wordt elke paar seconden gemaakt. Probeer het zo opnieuw.
verify-no-script = Uw browser kan hier niet rekenen. Download het bewijs en kijk het na met een programma.

verify-origin = Het is het logboek van { "%1" }, met { "%2" } regels van iedereen samen.
verify-other-log = Het is een ander logboek dan dat van { "%1" }.
verify-who = Wie tekende mee?
verify-signed = { "%1" } zette er een handtekening onder.
verify-not-signed = Er staat geen geldige handtekening onder van { "%1" }.
verify-cosigned = { "%1" } tekende mee op { "%2" }.
verify-not-cosigned = De handtekening van { "%1" } klopt niet.
verify-quorum = Andere organisaties die meetekenden: { "%1" }. Nodig: { "%2" }.
verify-no-signatures = Uw browser kan deze handtekeningen niet nakijken (Ed25519). De rest is wel nagekeken. Met een nieuwere browser kan het wel.
verify-kept = Het logboek is verder gegaan op dat wat u bewaarde (toen { "%1" } regels). Daarin is niets veranderd.
verify-kept-wrong = Het logboek is niet verder gegaan op dat wat u bewaarde (toen { "%1" } regels): er is iets in veranderd.
verify-kept-other = Wat u bewaarde is van een ander logboek.
verify-rows = Uw regels die kloppen: { "%1" }.
verify-rows-wrong = Uw regels die kloppen: { "%1" }. Regels die niet kloppen: { "%2" }.
verify-row = Regel { "%1" }
verify-row-not-there = Deze regel staat zo niet in het logboek.
verify-row-half = Van deze regel ontbreekt een deel.
verify-row-another = Wat hier staat is iets anders dan wat in het logboek kwam.
verify-row-disagrees = Ontvanger, doel of tijd is anders dan in het logboek.
verify-row-unreadable = Deze regel is niet te lezen.
verify-row-erased = De inhoud is gewist. Dat de regel er was, klopt.
verify-what = Wat
verify-more = U ziet de laatste { "%1" } regels. De andere zijn ook nagekeken.
verify-pending = Het laatste wat er gebeurde staat nog niet in het bewijs. Dat duurt hoogstens een minuut.

verify-kind-grant = U gaf toestemming
verify-kind-withdrawal = Een toestemming stopte
verify-kind-application-grant = U solliciteerde
verify-kind-application-withdrawal = Een sollicitatie stopte
verify-kind-disclosure = Iemand zag iets van u
verify-kind-register = Het ledenregister veranderde

verify-keep = Onthoud dit voor later, op dit apparaat
verify-forget = Vergeet wat op dit apparaat is onthouden
verify-remembered = Onthouden. De volgende keer kijkt uw apparaat na of er intussen iets in is veranderd. Er staat niets over u in.
verify-keeps-nothing = Uw browser bewaart niets. Download dan het bewijs, en vergelijk daar later mee.
verify-forgotten = Vergeten.
verify-with-file = Vergelijken met een bewijs van eerder
verify-file = Een bewijs dat u eerder downloadde
verify-file-hint = Het bestand blijft op uw apparaat.
verify-file-wrong = In dit bestand staat geen bewijs.
verify-two = Dit is bewijs dat het logboek twee verhalen vertelt. Bewaar het:

verify-yourself = Zelf nakijken, zonder deze pagina
verify-yourself-why = U kunt het bewijs ook downloaden en nakijken met een programma dat niet van ons hoeft te komen. Dat kan ook over jaren nog, als dit systeem er niet meer is.
verify-download = Download het bewijs
verify-means = Wat betekent dit?
verify-means-good = Klopt het, dan kan niemand die regels nog veranderen of ontkennen zonder dat het opvalt.
verify-means-not = Het bewijst niet dat er geen regel ontbreekt. Wie iets van u kreeg, kan dat zeggen: vraag het bij Mijn gegevens.
verify-means-keys = De sleutels van de organisaties komen uit het ledenregister van dit systeem, en het rekenprogramma ook. Wilt u ook die niet vertrouwen, kijk het dan na met het programma hierboven.
verify-needs-script = Nakijken op deze pagina kan alleen als uw browser JavaScript uitvoert, en dat staat nu uit. Hieronder kunt u het bewijs downloaden en op een andere manier nakijken.
verify-by-program = Met het programma polder, op uw eigen computer:
