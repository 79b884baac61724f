//! What becomes of each member of a vacancy that the exchange shows a mediator.

use crate::fields::{Fate, Table, fields};

const LANGUAGE: Fate = Fate::Text("Talen", "Languages");
const HOURS: Fate = Fate::Mapped(&["/hours/min", "/hours/max"]);
const CONTRACTS: Fate = Fate::Mapped(&["/contracts/form"]);
const COURSES: Fate = Fate::LeftOut("of a course its name stands in the text");
const STUDY: Fate = Fate::LeftOut("its codes are not those of an offer; `codeWerkEnDenkniveauMinimaal` says the level");
const EXPERIENCE: Fate = Fate::LeftOut("an offer has no years of experience");
const TRANSPORT: Fate = Fate::LeftOut("an offer has no means of transport");
const IRREGULAR: Fate = Fate::LeftOut("of working times an offer has the parts of the week, which it does not say");
const STREET: Fate = Fate::LeftOut("of a place the postcode is enough to find it");
const SKILL_LEVELS: Fate = Fate::LeftOut("of the four the spoken one stands in the text");
const PERSON: Fate = Fate::LeftOut("a match names nobody");

/// A vacancy in an answer of VUM 3.0.
pub const TABLE: Table = Table {
    title: "VUM 3.0: a vacancy that the exchange shows",
    about: "It is shown to whoever asked, and kept nowhere. Labels in the text are Dutch.",
    fields: fields! {
        "vumID" => Fate::Key,
        "idVacature" => Fate::LeftOut("`vumID` names it"),
        "nummerVacature" => Fate::LeftOut("`vumID` names it"),
        "naamVacature" => Fate::Mapped(&["/title"]),
        "omschrijvingVacature" => Fate::Mapped(&["/description"]),
        "sluitingsdatumVacature" => Fate::Mapped(&["/closingDate"]),
        "beroep.codeBeroepsnaam" => Fate::Mapped(&["/occupations"]),
        "competentiebeheersing[].codeCompetentie" => Fate::Mapped(&["/skills/uri"]),
        "codeWerkEnDenkniveauMinimaal" => Fate::Text("Werk- en denkniveau", "Level"),
        "sector.codeSbi" => Fate::Mapped(&["/employer/sbi"]),
        "adres.postcode" => Fate::Mapped(&["/location/postcode"]),
        "adres.straatnaam" => STREET,
        "adres.huisnummer" => STREET,
        "adres.huisnummertoevoeging" => STREET,
        "sollicitatiewijze[].codeSollicitatiewijze" => Fate::LeftOut("the address says it"),
        "sollicitatiewijze[].webadres.codeWebadres" => Fate::LeftOut("the address says it"),
        "sollicitatiewijze[].webadres.url" => Fate::Mapped(&["/application/url"]),
        "arbeidsVoorwaarden.datumAanvangWerkzaamheden" => Fate::Mapped(&["/startDate"]),
        "arbeidsVoorwaarden.datumEindeWerkzaamheden" => Fate::Text("Einde van het werk", "End of the work"),
        "arbeidsVoorwaarden.omschrijvingArbeidsvoorwaarden" => Fate::Text("Arbeidsvoorwaarden", "Conditions"),
        "arbeidsVoorwaarden.salarisIndicatie" => Fate::Text("Salaris", "Pay"),
        "contractvorm[].codeTypeArbeidscontract" => CONTRACTS,
        "contractvorm[].codeTypeOvereenkomst" => CONTRACTS,
        "werktijden.aantalWerkurenPerWeekMinimaal" => HOURS,
        "werktijden.aantalWerkurenPerWeekMaximaal" => HOURS,
        "werktijden.indicatieKantoortijden" => IRREGULAR,
        "flexibiliteit.datumEindeBeschikbaarVoorWerk" => Fate::LeftOut("it is about whoever seeks work"),
        "flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst" => IRREGULAR,
        "opleiding[].codeOpleidingsnaam" => STUDY,
        "opleiding[].codeNiveauOpleiding" => STUDY,
        "opleiding[].indicatieDiploma" => STUDY,
        "opleiding[].toelichtingOpleiding" => STUDY,
        "cursus[].naamCursus" => Fate::Text("Cursussen", "Courses"),
        "cursus[].indicatieCertificaat" => COURSES,
        "cursus[].toelichtingCursus" => COURSES,
        "werkervaring[].aantalJarenWerkzaamInBeroep" => EXPERIENCE,
        "rijbewijs[].codeSoortRijbewijs" => Fate::Mapped(&["/licences"]),
        "taalbeheersing[].codeTaal" => LANGUAGE,
        "taalbeheersing[].codeNiveauTaalbeheersingLezen" => SKILL_LEVELS,
        "taalbeheersing[].codeNiveauTaalbeheersingLuisteren" => SKILL_LEVELS,
        "taalbeheersing[].codeNiveauTaalbeheersingMondeling" => LANGUAGE,
        "taalbeheersing[].codeNiveauTaalbeheersingSchriftelijk" => SKILL_LEVELS,
        "vervoermiddel[].codeVervoermiddel" => TRANSPORT,
        "vervoermiddel[].indicatieBeschikbaarVoorUitvoeringWerk" => TRANSPORT,
        "vervoermiddel[].indicatieBeschikbaarVoorWoonWerkverkeer" => TRANSPORT,
        "werkgever.handelsnaamOrganisatie" => Fate::Mapped(&["/employer/name"]),
        "werkgever.sector" => Fate::LeftOut("`sector` says it"),
        "werkgever.webadres" => Fate::LeftOut("`sollicitatiewijze` says where one applies"),
        "werkgever.contactpersoon" => PERSON,
    },
};
