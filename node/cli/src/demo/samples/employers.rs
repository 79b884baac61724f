//! Who offers work in the demo. All companies are invented; public bodies and schools carry "(demo)" behind their name.

use super::roles::Field;

/// An employer.
pub(super) struct Employer {
    pub name: &'static str,
    /// How a text calls it, at the start of a sentence.
    pub called: &'static str,
    /// The part of its addresses before `.example.nl`.
    pub host: &'static str,
    pub kvk: &'static str,
    pub sector: &'static str,
    pub fields: &'static [Field],
    pub postcodes: &'static [u16],
    /// Sentences about it.
    pub about: &'static [&'static str],
}

macro_rules! employers {
    ($($list:ident: $(($name:literal, $called:literal, $host:literal, $kvk:literal, $sector:literal, $fields:expr, $postcodes:expr, $about:expr))+;)+) => {
        $(pub(super) const $list: &[Employer] = &[$(Employer {
            name: $name, called: $called, host: $host, kvk: $kvk, sector: $sector, fields: &$fields, postcodes: &$postcodes, about: &$about,
        }),+];)+
    };
}

use Field::{
    Assets, Building, Campus, Care, Children, Desk, Energy, Farming, Food, Installing, Kitchen, Logistics, Machines, Mobility, Ships,
    Software, Teaching, Vehicles,
};

employers! {
    MACHINES:
        ("Dobberkant Machines BV", "Dobberkant Machines", "dobberkantmachines", "90000001", "C", [Machines, Ships],
            [8301, 8302, 8304, 8305, 8316, 8321, 8322],
            ["Dobberkant Machines maakt lieren, pompen en verwerkingsmachines voor de visserij en de offshore.",
             "In onze hallen bij Emmeloord en Urk bouwen 140 collega's machines voor schepen en havens.",
             "Wij ontwerpen en bouwen dekmachines die overal ter wereld varen."])
        ("Noorderhoek Precisietechniek BV", "Noorderhoek Precisietechniek", "noorderhoektechniek", "90000003", "C", [Machines],
            [8302, 8303, 8308, 8309],
            ["Noorderhoek Precisietechniek, het zusterbedrijf van Dobberkant Machines, maakt robotcellen en fijne onderdelen.",
             "Met veertig mensen maken wij onderdelen die op een honderdste millimeter nauwkeurig zijn."]);
    LOGISTICS:
        ("Kavelkade Logistiek BV", "Kavelkade Logistiek", "kavelkadelogistiek", "90000002", "H", [Logistics], [8251, 8252, 8218, 8219, 3899, 3897],
            ["Kavelkade Logistiek bewaart en vervoert aardappelen, uien en groente voor telers uit heel Flevoland.",
             "Vanuit Dronten, Lelystad en Zeewolde rijden elke dag tachtig van onze wagens.",
             "Onze koelhuizen liggen tussen de akkers, dicht bij de mensen die er werken."])
        ("Polder Vers Verwerking BV", "Polder Vers", "poldervers", "90000004", "C", [Food, Machines], [8251, 8255, 8256, 8219, 3899],
            ["Polder Vers wast, snijdt en verpakt groente van zestig telers.", "Bij Polder Vers gaat de oogst van vandaag morgen naar de winkel."]);
    PROVINCE:
        ("Provincie Flevoland (demo)", "De provincie", "provincie", "90000101", "O", [Assets, Desk, Software, Mobility], [8232, 8242, 8251, 8302],
            ["De provincie werkt aan wegen, water, natuur en werk in heel Flevoland.", "Bij de provincie werken 600 mensen aan een leefbare polder.",
             "De provincie beheert 600 kilometer weg en een groot deel van de vaarten."])
        ("Windproject Noorderkaap (demo)", "Windproject Noorderkaap", "noorderkaap", "90000102", "D", [Energy, Assets], [8311, 8312, 8255],
            ["Windproject Noorderkaap vervangt oude molens door minder, maar sterkere turbines.", "In ons project zijn bewoners en boeren samen eigenaar van de wind."])
        ("Waterproef Ketelrand (demo)", "Waterproef Ketelrand", "ketelrand", "90000103", "E", [Assets], [8253, 8307, 8244],
            ["Waterproef Ketelrand test hoe de polder zoet water kan bewaren voor droge zomers."])
        ("Testbaan Rijdende Toekomst (demo)", "Testbaan Rijdende Toekomst", "rijdendetoekomst", "90000104", "M", [Mobility, Vehicles], [8218, 8316, 8219],
            ["Op Testbaan Rijdende Toekomst worden zelfrijdende en schone voertuigen getest.", "Wij testen met twintig collega's vervoer dat over vijf jaar gewoon is."]);
    ALMERE:
        ("Gemeente Almere (demo)", "De gemeente", "gemeentealmere", "90000111", "O", [Desk, Software, Assets], [1315, 1316, 1332],
            ["De gemeente Almere groeit hard en zoekt mensen die mee willen bouwen.", "Bij de gemeente werk je voor ruim 230.000 inwoners."])
        ("Basisscholen Zonnebocht", "Zonnebocht", "zonnebocht", "90000112", "P", [Children], [1325, 1336, 1363, 1358],
            ["Zonnebocht heeft zes basisscholen in Almere Stad, Buiten en Poort."])
        ("Thuiszorg De Gouwwal", "De Gouwwal", "gouwwal", "90000113", "Q", [Care], [1311, 1338, 1353, 1317], ["Thuiszorg De Gouwwal werkt met kleine teams per wijk."])
        ("Installatiebedrijf Warmoes & Dijk BV", "Warmoes & Dijk", "warmoesdijk", "90000114", "F", [Installing, Energy, Building], [1332, 1351, 1362],
            ["Warmoes & Dijk haalt woningen in Almere van het gas af.", "Wij zijn een installatiebedrijf met 25 vakmensen."])
        ("Eetzaal Het Weerwater-Zuid", "Eetzaal Het Weerwater-Zuid", "eetzaalzuid", "90000115", "I", [Kitchen], [1324, 1315], ["Onze eetzaal ligt aan het water en zit bijna elke avond vol."]);
    LELYSTAD:
        ("Gemeente Lelystad (demo)", "De gemeente", "gemeentelelystad", "90000121", "O", [Desk, Software, Assets], [8232, 8224, 8242],
            ["De gemeente Lelystad werkt aan een stad met genoeg werk en woningen.", "Bij de gemeente ken je je collega's en zie je snel resultaat."])
        ("Kinderopvang De Zandplaat", "De Zandplaat", "zandplaat", "90000122", "Q", [Children], [8226, 8223, 8245], ["De Zandplaat heeft vijf locaties met veel buitenruimte."])
        ("Zorggroep Houtribrand", "Houtribrand", "houtribrand", "90000123", "Q", [Care, Kitchen], [8232, 8241, 8212], ["Houtribrand heeft drie kleine woonzorglocaties in Lelystad."])
        ("Garage Larserpoort BV", "Garage Larserpoort", "garagelarserpoort", "90000124", "G", [Vehicles], [8218, 8243], ["Garage Larserpoort repareert auto's en bestelwagens van vaste klanten."])
        ("Bouwploeg Kustmeent BV", "Bouwploeg Kustmeent", "kustmeent", "90000125", "F", [Building, Installing], [8219, 8225, 8211], ["Bouwploeg Kustmeent bouwt en verbouwt met dertig vaste mensen."]);
    SMALL:
        ("Akkerbedrijf Van der Tocht", "Akkerbedrijf Van der Tocht", "vandertocht", "90000131", "A", [Farming], [8313, 8255, 8314, 3898],
            ["Op ons akkerbedrijf telen we aardappelen, uien en tulpen op 120 hectare.", "Akkerbedrijf Van der Tocht is een familiebedrijf dat overgaat op biologische teelt."])
        ("Kwekerij Luttelglas BV", "Kwekerij Luttelglas", "luttelglas", "90000132", "A", [Farming], [8315], ["Kwekerij Luttelglas teelt paprika's op twaalf hectare glas."])
        ("Scheepsreparatie De Kraaiennesthaven BV", "De Kraaiennesthaven", "kraaiennesthaven", "90000133", "C", [Ships, Machines], [8321, 8322],
            ["De Kraaiennesthaven onderhoudt kotters en binnenschepen met vijftien mensen."])
        ("Smederij Ensertocht", "Smederij Ensertocht", "ensertocht", "90000134", "C", [Machines], [8307, 8316, 8304], ["Smederij Ensertocht maakt hekken, trappen en landbouwwerktuigen.", "In onze smederij werken zes vakmensen en twee leerlingen."])
        ("Zonnedak Coöperatie Biddingerweide", "Zonnedak Biddingerweide", "biddingerweide", "90000135", "F", [Energy, Installing], [8256, 8251],
            ["Zonnedak Biddingerweide legt panelen op schuren en buurthuizen."])
        ("Zuivelhoeve Drontermeerzicht BV", "De zuivelhoeve", "drontermeerzicht", "90000136", "C", [Food], [8253, 3891], ["De zuivelhoeve maakt kaas en yoghurt van de melk van acht boeren."])
        ("Bakkerij en Lunchroom Wolderbos", "Wolderbos", "wolderbos", "90000137", "I", [Kitchen], [3893, 3891], ["Wolderbos is een lunchroom met eigen bakkerij in Zeewolde."])
        ("Bouwbedrijf Spakenpad BV", "Bouwbedrijf Spakenpad", "spakenpad", "90000138", "F", [Building], [3895, 3899, 1349], ["Bouwbedrijf Spakenpad bouwt houten woningen in Zeewolde en Almere."])
        ("Thuishulp De Vuurtorenwei", "De Vuurtorenwei", "vuurtorenwei", "90000139", "Q", [Care], [8321, 8302, 8305], ["De Vuurtorenwei helpt ouderen op Urk en in Emmeloord."])
        ("Pakketdepot Swifterpad BV", "Pakketdepot Swifterpad", "swifterpad", "90000140", "H", [Logistics], [8255, 8219, 1333], ["Pakketdepot Swifterpad bezorgt met elektrische bussen."])
        ("Autobedrijf Marknesserbrug", "Autobedrijf Marknesserbrug", "marknesserbrug", "90000141", "G", [Vehicles], [8316, 8301], ["Autobedrijf Marknesserbrug is een dorpsgarage met vier monteurs."]);
    COLLEGE:
        ("ROC van Flevoland (demo)", "Het mbo-college", "roc", "90000151", "P", [Teaching, Campus, Desk], [1315, 8232, 8302],
            ["Het mbo-college leidt 6.000 studenten op, dicht bij bedrijven in de regio.", "Op ons mbo-college leren jongeren en werkenden door elkaar."]);
    UNIVERSITY:
        ("Windesheim in Almere (demo)", "De hogeschool", "windesheim", "90000152", "P", [Campus, Desk, Software], [1315],
            ["De hogeschool in Almere verbindt onderwijs met vragen uit de stad.", "Bij onze hogeschool werken studenten aan echte opdrachten van bedrijven."]);
}

/// The lists of employers whose vacancies a partner offers.
pub(super) fn of_partner(partner: &str) -> Vec<&'static Employer> {
    let lists: &[&[Employer]] = match partner {
        "provincie" => &[PROVINCE],
        "almere" => &[ALMERE],
        "lelystad" => &[LELYSTAD],
        "roc" => &[COLLEGE],
        "windesheim" => &[UNIVERSITY],
        "employer-a" => &[MACHINES],
        "employer-b" => &[LOGISTICS],
        _ => &[SMALL],
    };
    lists.iter().copied().flatten().collect()
}
