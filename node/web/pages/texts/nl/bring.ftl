# Een cv en een verhuizing meebrengen.

cv-have = Ik heb al een cv: vul mijn profiel daarmee in
cv-title = Uw cv gebruiken
cv-lead = Kies het bestand van uw cv. Wij vullen uw profiel ermee in, zodat u minder hoeft te typen. U kijkt het na en bewaart het zelf. Het bestand bewaren wij niet.
cv-file = Het bestand van uw cv
cv-hint = Van Europass (xml) of JSON Resume (json), hoogstens 1 MB.
cv-read = Vul mijn profiel in
cv-which = Welke bestanden?
cv-which-europass = Europass: open uw cv op de site van Europass en download het als XML. Een ouder XML-bestand van Europass kan ook.
cv-which-json = JSON Resume: het bestand heet vaak resume.json.
cv-which-pdf = Een pdf of een Word-bestand kunnen wij niet lezen. Ook niet een pdf van Europass.
cv-never = Wat wij niet lezen
cv-never-what = Uw foto, geboortedatum, geslacht, nationaliteit, adres en burgerservicenummer, en alles over uw gezondheid. Ook niet bij welke werkgevers en scholen u was: daar heeft uw profiel geen plaats voor.

cv-wrong-nothing = U koos nog geen bestand, of het is leeg.
cv-wrong-large = Dit bestand is te groot: hoogstens 1 MB. Staat er een foto in? Maak dan een cv zonder foto en probeer het opnieuw. Er is niets bewaard.
cv-wrong-pdf = Dit is een pdf. Die kunnen wij niet lezen. Download uw cv bij Europass als XML en probeer het opnieuw.
cv-wrong-form = Dit is geen cv van Europass of JSON Resume dat wij kunnen lezen. Er is niets bewaard.
cv-wrong-entities = In dit bestand staat iets dat niet in een cv hoort (een documenttype of eigen afkortingen). Download uw cv opnieuw bij Europass. Er is niets bewaard.

cv-filled = Uw cv is ingevuld. Er is nog niets bewaard.
cv-look = Kijk alles na, verander wat u wilt, en kies onderaan: Bewaar mijn profiel.
cv-taken = Dit kwam uit uw cv:
cv-taken-nothing = Uit uw cv konden wij niets gebruiken wat nog niet in uw profiel stond.
cv-maybe = Van sommige woorden weten wij niet zeker wat u bedoelt. Daar staan voorstellen; kies wat klopt.
cv-maybe-occupations = Deed u dit, of lijkt dit erop? Kies wat u wilt:
cv-maybe-skills = Misschien bedoelt u dit. Kies wat u kunt:
cv-left = Dit lieten wij weg
cv-unknown =
    { $count ->
        [one] Eén woord kennen wij niet
       *[other] { $count } woorden kennen wij niet
    }
cv-left-photo = uw foto of een bijlage
cv-left-birth = uw geboortedatum of geboorteplaats
cv-left-gender = uw geslacht
cv-left-nationality = uw nationaliteit
cv-left-health = iets over uw gezondheid
cv-left-address = uw straat en huisnummer
cv-left-employers = bij wie u werkte
cv-left-schools = op welke scholen u zat
cv-left-texts = wat u schreef over uw werk, en hoe u met anderen werkt; wij keken er wel in welke vaardigheden u noemt
cv-left-languages = een taal waar uw profiel niet naar vraagt, of zonder niveau (A1 tot en met C2): kies dat zelf
cv-left-links = adressen van sites
cv-left-references = referenties
cv-left-others = certificaten, projecten, hobby's, vrijwilligerswerk en wat er verder in staat
cv-left-personal = een tekst waarin iets staat dat niet in een profiel mag: een burgerservicenummer, iets over gezondheid of geloof, of een adres

move-title = Verhuizen
move-lead = Een andere organisatie kan uw profiel voor u bewaren. U neemt dan alles mee. Daar ziet niemand iets, tot u het daar opnieuw deelt.
move-here = Hierheen verhuizen
move-here-how = Haal bij uw oude organisatie het bestand op onder: Mijn gegevens, Meenemen. Kies het hier. U ziet eerst precies wat ermee gebeurt.
move-has-profile = U hebt hier al een profiel. Een ander profiel kan er niet naast. Wilt u dat van een andere organisatie, wis dan eerst alles hier.
move-file = Het bestand dat u meebrengt
move-hint = Het heet polder-export.json, en is hoogstens 30 dagen oud.
move-look = Bekijk wat er gebeurt
move-kept = Uw profiel is overgenomen. Nog niemand ziet het.
move-kept-on = Naar het begin
move-brought = U bracht mee van:
move-brought-where = Wat daar over u stond, zit in het bestand dat u hier kunt meenemen.
move-away = Hier weggaan
move-away-file = Download alles in één bestand.
move-away-there = Neem het bij uw nieuwe organisatie over, binnen 30 dagen.
move-away-erase = Kijk of alles er is. Wis het dan hier.
move-away-download = Download alles

move-wrong-large = Dit bestand is groter dan een bestand om mee te verhuizen ooit is. Haal het opnieuw op. Er is niets overgenomen.
move-wrong-form = Dit is geen bestand om mee te verhuizen. Haal het bij uw oude organisatie op onder: Mijn gegevens, Meenemen. Er is niets overgenomen.
move-wrong-now = Dit bestand kunnen wij niet overnemen. Het is veranderd, het is ouder dan 30 dagen, het is van hier, of het komt van een organisatie die niet meedoet. Haal bij uw oude organisatie een nieuw bestand. Er is niets overgenomen.
move-wrong-taken = Dit bestand is al overgenomen, of u hebt hier al een profiel. Er is niets veranderd.
move-wrong-profile = In het profiel in dit bestand staat iets dat hier niet mag. Verbeter het bij uw oude organisatie en haal een nieuw bestand. Er is niets overgenomen.
move-wrong-gone = U wachtte te lang, of begon in een ander venster. Kies het bestand nog een keer. Er is niets overgenomen.

moving-title = Klopt dit?
moving-lead = Dit bestand is ondertekend door { $name }.
moving-made = Gemaakt op { $moment }.
moving-profile = Dit wordt uw profiel
moving-asks =
    { $count ->
        [0] U deelde niets
        [one] Eén ding deelde u. Dat kunt u hier weer delen
       *[other] { $count } dingen deelde u. Die kunt u hier weer delen
    }
moving-asks-why = Hier ziet niemand iets, tot u opnieuw ja zegt. Dat vragen wij u op de eerste pagina.
moving-asks-nothing = U deelde niets, of wie het zag doet hier niet mee.
moving-others = Voor deze organisaties wordt u niets gevraagd, omdat zij hier niet meedoen of dit niet mogen:
moving-old = Bij uw oude organisatie verandert hierdoor niets. Stop en wis het daar zelf, als hier alles goed staat.
moving-no = Nee, niet overnemen
moving-yes = Ja, neem dit over

data-move = Verhuizen
data-move-about = Breng uw profiel mee van een andere organisatie, of ga hier weg.
moving-applied = Uw sollicitaties gaan niet mee: zij lopen door bij uw oude organisatie. Wist u daar alles, dan stoppen zij.
cv-left-education = een opleiding waarvan wij het niveau niet herkennen: kies het zelf
cv-proposed =
    { $count ->
        [one] In wat u schreef, lazen wij één vaardigheid. Kijk of het klopt.
       *[other] In wat u schreef, lazen wij { $count } vaardigheden. Kijk welke kloppen.
    }
