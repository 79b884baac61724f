//! What schools and others teach in the demo.

/// What a programme leads to and how it is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A whole mbo programme, bol or bbl.
    MboDiploma,
    /// A part of an mbo programme with an official certificate.
    MboPart,
    /// A short course.
    Course,
    /// A free workshop of a day or less for those who look for work.
    Workshop,
    /// A bachelor.
    Bachelor,
    /// An associate degree.
    Ad,
    /// A microcredential.
    Micro,
}

/// Something that is taught.
pub(super) struct Programme {
    pub form: Form,
    pub title: &'static str,
    pub level: u8,
    /// The label of the occupation that it prepares for, or nothing.
    pub occupation: &'static str,
    /// Labels of skills taught; with none, those of the occupation.
    pub teaches: &'static [&'static str],
    /// What it is about: the end of "Je leert ...".
    pub learn: &'static [&'static str],
    pub sectors: &'static [&'static str],
    /// Title and level of what can follow.
    pub next: Option<(&'static str, u8)>,
}

macro_rules! programmes {
    ($($list:ident: $(($form:ident, $title:literal, $level:literal, $occupation:literal, $teaches:expr, $learn:expr, $sectors:expr, $next:expr))+;)+) => {
        $(pub(super) const $list: &[Programme] = &[$(Programme {
            form: Form::$form, title: $title, level: $level, occupation: $occupation, teaches: &$teaches, learn: &$learn, sectors: &$sectors, next: $next,
        }),+];)+
    };
}

programmes! {
    ROC:
        (MboDiploma, "Onderhoudsmonteur machines", 30, "onderhoudsmonteur machines", [], ["machines nakijken, storingen zoeken en onderdelen vervangen", "werken met hydrauliek, pneumatiek en elektra"], ["C"], Some(("Technicus service en onderhoud", 40)))
        (MboDiploma, "Basislasser", 20, "lasser", [], ["lassen met MIG/MAG, TIG en elektrode", "tekeningen lezen, materiaal kiezen en lassen controleren"], ["C"], Some(("Allround lasser", 30)))
        (MboDiploma, "Monteur mechatronica", 30, "monteur mechatronica", [], ["machines monteren, bedraden en in bedrijf stellen"], ["C"], Some(("Technicus mechatronica systemen", 40)))
        (MboDiploma, "Technicus mechatronica systemen", 40, "robotmonteur", [], ["robots en besturingen opbouwen en programmeren"], ["C"], Some(("Associate degree Engineering", 50)))
        (MboDiploma, "Scheepsbouwkundig medewerker", 30, "scheepsbouwer", [], ["rompdelen bouwen en schepen repareren"], ["C"], None)
        (MboDiploma, "Verzorgende IG", 30, "verzorgende", [], ["mensen verzorgen, signaleren en rapporteren", "omgaan met medicijnen en met familie"], ["Q"], Some(("Mbo-verpleegkundige", 40)))
        (MboDiploma, "Pedagogisch medewerker", 30, "pedagogisch medewerker kinderopvang", [], ["kinderen begeleiden en met ouders praten"], ["Q"], Some(("Gespecialiseerd pedagogisch medewerker", 40)))
        (MboDiploma, "Onderwijsassistent", 40, "onderwijsassistent", [], ["kinderen helpen bij taal, rekenen en spel"], ["P"], Some(("Leraar basisonderwijs", 60)))
        (MboDiploma, "Logistiek medewerker", 20, "magazijnmedewerker", [], ["goederen ontvangen, opslaan en verzenden"], ["H", "G"], Some(("Logistiek teamleider", 30)))
        (MboDiploma, "Monteur elektrotechnische installaties", 20, "elektromonteur", [], ["installaties in woningen aanleggen en testen"], ["F"], Some(("Eerste monteur elektrotechnische installaties", 30)))
        (MboDiploma, "Eerste autotechnicus", 30, "autotechnicus", [], ["storingen vinden in benzine-, diesel- en elektrische auto's"], ["G"], None)
        (MboDiploma, "Vakexpert teelt en groene technologie", 40, "teamleider akkerbouw", [], ["gewassen telen met sensoren, gps en minder middelen"], ["A"], None)
        (MboPart, "Lasprocessen TIG en MIG/MAG", 20, "lasser", ["lastechnieken", "lasapparatuur bedienen", "metaalsoorten", "2D-tekeningen lezen", "kwaliteitsnormen"], ["dun plaatwerk en buis lassen in alle posities", "een las beoordelen en verbeteren"], ["C"], Some(("Basislasser", 20)))
        (MboPart, "Storingen zoeken in machines", 30, "onderhoudsmonteur machines", ["storing zoeken", "storingen aan apparatuur oplossen", "bedradingsschema's", "testapparatuur gebruiken", "technische problemen oplossen"], ["stap voor stap een storing vinden en oplossen"], ["C"], Some(("Onderhoudsmonteur machines", 30)))
        (MboPart, "Warmtepompen installeren", 30, "installatiemonteur verwarming", ["soorten warmtepompen", "elektrische verwarming", "installaties onderhouden", "proefdraaien"], ["een warmtepomp kiezen, plaatsen en inregelen"], ["F"], None)
        (MboPart, "Helpen bij basiszorg", 20, "thuiszorgmedewerker", ["basiszorg geven", "behoeften van ouderen", "actief luisteren", "hygiëne in de zorg"], ["mensen helpen met wassen, kleden en eten"], ["Q"], Some(("Verzorgende IG", 30)))
        (Course, "Hydrauliek en pneumatiek voor monteurs", 30, "onderhoudsmonteur machines", ["hydrauliek", "pneumatiek", "technische tekeningen lezen"], ["schema's lezen en cilinders en ventielen afstellen"], ["C"], Some(("Onderhoudsmonteur machines", 30)))
        (Course, "Preventief onderhoud in de praktijk", 30, "onderhoudsmonteur machines", ["machines routinematig controleren", "installaties onderhouden", "industriële installaties inspecteren", "reparatieverslagen schrijven", "mechanica"], ["slijtage herkennen en onderhoud op tijd doen"], ["C"], None)
        (Course, "Elektra voor niet-elektriciens", 20, "onderhoudsmonteur machines", ["elektriciteit", "bedradingsschema's", "meetinstrumenten gebruiken", "veiligheid van elektrische installaties"], ["veilig meten en een eenvoudige fout verhelpen"], ["C", "F"], None)
        (Course, "Heftruck en reachtruck", 20, "heftruckchauffeur", ["heftruck rijden", "goederen opslaan"], ["veilig rijden, stapelen en je truck controleren"], ["H"], None)
        (Course, "Robots bedienen en onderhouden", 30, "robotmonteur", ["robotica", "robots onderhouden", "onderdelen van robots", "sensoren"], ["een robotcel bedienen, leren en herstarten"], ["C"], None)
        (Course, "Zonnepanelen en thuisbatterijen", 20, "monteur zonnepanelen", ["zonne-energie", "zonnepanelen monteren", "zonnestroomsystemen installeren", "veilig werken op hoogte"], ["een systeem ontwerpen, plaatsen en aansluiten"], ["F"], None)
        (Course, "Elektrische auto's: veilig werken", 30, "autotechnicus", ["elektrische systemen van voertuigen", "hybride aandrijving", "diagnoseapparatuur voor auto's gebruiken"], ["een auto spanningsloos maken en onderhouden"], ["G"], None)
        (Course, "Voedselveilig werken", 10, "kok", ["voedselveiligheid", "voedselveilig en hygiënisch werken"], ["werken volgens HACCP"], ["C", "I"], None)
        (Course, "Nederlands op de werkvloer", 10, "", ["Nederlands", "schriftelijke instructies volgen", "samenwerken in een team"], ["instructies lezen en met collega's overleggen"], ["C", "H", "A"], None)
        (Course, "Tekening lezen voor de metaal", 20, "lasser", ["2D-tekeningen lezen", "3D-tekeningen lezen", "technische tekeningen lezen"], ["maten, lassymbolen en toleranties begrijpen"], ["C"], Some(("Lasprocessen TIG en MIG/MAG", 20)));
    WINDESHEIM:
        (Bachelor, "Leraar basisonderwijs (pabo)", 60, "leraar basisonderwijs", [], ["lesgeven aan kinderen van vier tot twaalf jaar"], ["P"], Some(("Master Leren en innoveren", 70)))
        (Bachelor, "Hbo-verpleegkunde", 60, "verpleegkundige", [], ["zorg verlenen, regisseren en verbeteren"], ["Q"], Some(("Master Advanced nursing practice", 70)))
        (Bachelor, "Hbo-ICT", 60, "softwareontwikkelaar", ["programmeren", "fouten opsporen in software", "projectbeheer", "analytisch denken", "oplossingen bedenken"], ["software bouwen met en voor gebruikers"], ["J"], None)
        (Bachelor, "Engineering, deeltijd", 60, "onderhoudstechnicus", [], ["machines ontwerpen, automatiseren en verbeteren"], ["C"], None)
        (Bachelor, "Logistics engineering", 60, "logistiek analist", ["ketenbeheer", "groene logistiek", "statistiek", "plannen"], ["ketens doorrekenen en slimmer maken"], ["H"], None)
        (Ad, "Engineering", 50, "onderhoudstechnicus", ["onderhoudswerk", "technische beginselen", "mechanica", "oplossingen bedenken", "projectbeheer", "storing zoeken"], ["techniek en organisatie in een bedrijf verbinden"], ["C"], Some(("Bachelor Engineering", 60)))
        (Ad, "ICT: software en data", 50, "softwareontwikkelaar", ["programmeren", "fouten opsporen in software", "tekensoftware gebruiken"], ["in teams toepassingen maken en beheren"], ["J"], Some(("Hbo-ICT", 60)))
        (Ad, "Logistiek en economie", 50, "logistiek analist", ["ketenbeheer", "groene logistiek", "plannen", "met klanten communiceren"], ["goederenstromen plannen en kosten beheersen"], ["H"], Some(("Logistics engineering", 60)))
        (Ad, "Pedagogisch educatief professional", 50, "onderwijsassistent", ["leerondersteuning geven", "leerlingen begeleiden", "contact met ouders onderhouden"], ["kinderen begeleiden op school en in de opvang"], ["P", "Q"], Some(("Leraar basisonderwijs (pabo)", 60)))
        (Micro, "Voorspellend onderhoud met data", 60, "onderhoudsmonteur machines", ["testgegevens analyseren", "sensoren", "industriële installaties inspecteren", "statistiek"], ["uit trilling en temperatuur aflezen wanneer een machine onderhoud vraagt"], ["C"], Some(("Engineering", 50)))
        (Micro, "Data-analyse voor beleid en bedrijf", 60, "data-analist", ["statistiek", "datamining", "statistische analyses uitvoeren", "bedrijfsinformatie analyseren"], ["cijfers verzamelen, controleren en uitleggen"], ["J", "O"], None)
        (Micro, "Autonoom rijden en sensoren", 60, "specialist autonoom rijden", ["sensoren", "sensoren testen", "ingebedde systemen", "regeltechniek"], ["sensoren kiezen, testen en gegevens beoordelen"], ["M"], None)
        (Micro, "Duurzame energiesystemen", 50, "monteur windturbines", ["duurzame energietechniek", "zonne-energie", "soorten windturbines", "elektriciteit"], ["wind, zon en opslag aan elkaar rekenen"], ["D", "F"], None)
        (Micro, "Technologie in de zorg", 60, "verpleegkundige", ["e-health gebruiken", "omgaan met verandering", "in een multidisciplinair zorgteam werken"], ["zorg op afstand invoeren met collega's en cliënten"], ["Q"], None)
        (Micro, "Leidinggeven in de techniek", 50, "", ["personeel leiden", "plannen", "samenwerken in een team", "projectbeheer"], ["een ploeg aansturen en moeilijke gesprekken voeren"], ["C", "F"], None)
        (Micro, "Robotica en automatisering", 50, "robotmonteur", ["robotica", "automatiseringstechniek", "programmeren", "regeltechniek"], ["een productiecel ontwerpen en doorrekenen"], ["C"], None);
    WORKSHOPS:
        (Workshop, "Proefdag techniek: monteren en lassen", 10, "lasser", ["lastechnieken", "beschermende kleding dragen", "samenwerken in een team"], ["of werken met metaal bij je past"], ["C"], Some(("Basislasser", 20)))
        (Workshop, "Werken in de logistiek: kennismaking", 10, "orderpicker", ["orders verzamelen", "goederen opslaan", "zwaar tillen"], ["hoe een dag in een magazijn eruitziet"], ["H"], Some(("Logistiek medewerker", 20)))
        (Workshop, "Proefdag zorg en welzijn", 10, "thuiszorgmedewerker", ["actief luisteren", "behoeften van ouderen"], ["wat een zorgteam doet en wat jij daarin kunt"], ["Q"], Some(("Helpen bij basiszorg", 20)))
        (Workshop, "Meepraten op je werk", 10, "", ["Nederlands", "samenwerken in een team"], ["vragen stellen en een probleem uitleggen"], ["C", "H", "Q"], None)
        (Workshop, "Digitaal solliciteren en plannen", 10, "", ["met de computer werken", "plannen", "tijd indelen"], ["een cv maken en je week indelen"], ["O"], None)
        (Workshop, "Combineren van twee banen", 20, "", ["plannen", "tijd indelen", "omgaan met verandering"], ["hoe je uren, rooster en loon bij twee werkgevers regelt"], ["N"], None)
        (Workshop, "Sleutelen aan zonnepanelen", 10, "monteur zonnepanelen", ["zonne-energie", "elektriciteit", "veilig werken op hoogte"], ["hoe een paneel werkt en hoe je veilig het dak op gaat"], ["F"], Some(("Zonnepanelen en thuisbatterijen", 20)));
}
