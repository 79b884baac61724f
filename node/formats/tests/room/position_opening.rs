//! SETU Vacancies and HR-XML in.

use std::fmt::Write;

use polder_formats::position_opening;
use polder_formats::report::NotLive;
use polder_random::Random;
use serde_json::{Value, json};

use crate::{assert_valid, context, made, mangled, notes, only, refused};

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A vacancy as a PositionOpeningNL, by hand.
fn written(key: &str, vacancy: &Value) -> String {
    let mut xml = String::new();
    let text = |pointer: &str| vacancy.pointer(pointer).and_then(Value::as_str).map(escaped);
    let number = |pointer: &str| vacancy.pointer(pointer).and_then(Value::as_u64);
    let language = text("/language").map(|language| format!(" xml:lang=\"{language}\"")).unwrap_or_default();
    let until = text("/closingDate").map(|last| format!(" validTo=\"{last}\"")).unwrap_or_default();
    let _ = write!(
        xml,
        "<PositionOpeningNL xmlns=\"http://ns.hr-xml.org/2007-04-15\"{language}><PositionRecordInfo><Id idOwner=\"owner\"><IdValue>{key}</IdValue></Id><Status{until}>x:put</Status></PositionRecordInfo>"
    );
    let kvk =
        text("/employer/kvk").map(|kvk| format!("<SupplierId idOwner=\"KVK\"><IdValue>{kvk}</IdValue></SupplierId>")).unwrap_or_default();
    let _ = write!(
        xml,
        "<PositionSupplierNL>{kvk}<EntityName>{}</EntityName><Role>owner</Role></PositionSupplierNL><PositionProfileNL>",
        text("/employer/name").expect("a name")
    );
    if let Some(start) = text("/startDate") {
        let _ = write!(xml, "<PositionDateInfo><StartDate>{start}</StartDate></PositionDateInfo>");
    }
    if let Some(sbi) = text("/employer/sbi") {
        let _ = write!(xml, "<Organization><IndustryCode classificationName=\"SBI\">{sbi}</IndustryCode></Organization>");
    }
    let _ = write!(xml, "<PositionDetail>");
    if let Some(postcode) = text("/location/postcode") {
        let place = text("/location/place").map(|place| format!("<Municipality>{place}</Municipality>")).unwrap_or_default();
        let _ = write!(
            xml,
            "<PhysicalLocation><PostalAddress><CountryCode>NL</CountryCode><PostalCode>{postcode}</PostalCode>{place}</PostalAddress></PhysicalLocation>"
        );
    }
    // Markup in a text is escaped twice: once for HTML, once for XML.
    let title = vacancy["title"].as_str().expect("a title").replace('&', "&amp;");
    let paragraphs: Vec<String> = vacancy["description"]
        .as_str()
        .expect("a text")
        .split("\n\n")
        .map(|one| format!("<p>{}</p>", escaped(one).replace('\n', "<br>").replace('\t', "&#9;").replace("  ", "&nbsp;&nbsp;")))
        .collect();
    let _ = write!(
        xml,
        "<FunctionName>{}</FunctionName><FunctionDescription>{}</FunctionDescription>",
        escaped(&title),
        escaped(&paragraphs.concat())
    );
    if let Some(period) = text("/salary/period") {
        let interval = [("hour", "Hourly"), ("day", "Daily"), ("week", "Weekly"), ("month", "Montly"), ("year", "Annually")]
            .iter()
            .find(|(known, _)| *known == period)
            .expect("known")
            .1;
        let amount = |pointer: &str, name: &str| {
            number(pointer).map(|cents| format!("<{name}>{}.{:02}</{name}>", cents / 100, cents % 100)).unwrap_or_default()
        };
        let _ = write!(
            xml,
            "<RemunerationPackage><BasePay currencyCode=\"EUR\" baseInterval=\"{interval}\">{}{}</BasePay></RemunerationPackage>",
            amount("/salary/min", "BasePayAmountMin"),
            amount("/salary/max", "BasePayAmountMax")
        );
    }
    if let (Some(min), Some(max)) = (number("/hours/min"), number("/hours/max")) {
        let _ = write!(xml, "<HoursPerWeek min=\"{min}\" max=\"{max}\"/>");
    }
    for contract in vacancy["contracts"].as_array().into_iter().flatten() {
        let (kind, duration) = match contract["form"].as_str().expect("a form") {
            "permanent" => ("direct", "permanent"),
            "fixed-term" => ("direct", "predetermined"),
            "internship" => ("intern", "predetermined"),
            "freelance" => ("freelance", "predetermined"),
            _ => continue,
        };
        let _ = write!(
            xml,
            "<ContractDetails><ContractDuration>{duration}</ContractDuration><TypeOfContract>{kind}</TypeOfContract></ContractDetails>"
        );
    }
    let _ = write!(xml, "<Requirements>");
    for licence in vacancy["licences"].as_array().into_iter().flatten() {
        let _ = write!(
            xml,
            "<LicensesAndCertifications><LicenseOrCertification><Name>Rijbewijs {}</Name></LicenseOrCertification></LicensesAndCertifications>",
            licence.as_str().expect("a text")
        );
    }
    for skill in vacancy["skills"].as_array().into_iter().flatten() {
        let label =
            skill.pointer("/label/nl").and_then(Value::as_str).map(|label| format!(" name=\"{}\"", escaped(label))).unwrap_or_default();
        let _ = write!(xml, "<Competency{label}><CompetencyId id=\"{}\"/></Competency>", skill["uri"].as_str().expect("a URI"));
    }
    let _ = write!(xml, "</Requirements></PositionDetail></PositionProfileNL><ApplicationInformationNL><HowToApply><ApplicationMethod>");
    for (pointer, name) in [
        ("/application/url", "InternetWebAddress"),
        ("/application/email", "InternetEmailAddress"),
        ("/application/telephone", "FormattedNumber"),
    ] {
        if let Some(value) = text(pointer) {
            let _ = write!(xml, "<{name}>{value}</{name}>");
        }
    }
    let _ = write!(xml, "</ApplicationMethod></HowToApply></ApplicationInformationNL>");
    if let Some(count) = number("/positions") {
        let _ = write!(xml, "<NumberToFill>{count}</NumberToFill>");
    }
    xml + "</PositionOpeningNL>"
}

/// What of a vacancy a PositionOpeningNL can carry.
fn carried(vacancy: &Value) -> Value {
    let mut carried = vacancy.clone();
    let members = carried.as_object_mut().expect("an object");
    for lost in ["terms", "workingTimes", "season", "welcomesSharing", "languages", "occupations", "minimumEducation"] {
        members.remove(lost);
    }
    if let Some(Value::Array(skills)) = members.get_mut("skills") {
        skills.retain(|skill| skill["uri"].as_str().is_some_and(|uri| !uri.contains("skills.example")));
        for skill in skills {
            let label = skill.pointer("/label/nl").cloned();
            *skill = json!({"uri": skill["uri"]});
            if let Some(label) = label {
                skill["label"] = json!({"nl": label});
            }
        }
    }
    if let Some(Value::Array(contracts)) = members.get_mut("contracts") {
        contracts.retain(|contract| ["permanent", "fixed-term", "internship", "freelance"].iter().any(|form| contract["form"] == *form));
        contracts.iter_mut().for_each(|contract| *contract = json!({"form": contract["form"]}));
    }
    if let Some(location) = members.get_mut("location").and_then(Value::as_object_mut) {
        location.retain(|name, _| ["postcode", "place"].contains(&name.as_str()));
    }
    if members.get("location").is_some_and(|location| location.get("postcode").is_none()) {
        members.remove("location");
    }
    if let Some(application) = members.get_mut("application").and_then(Value::as_object_mut) {
        application.remove("instructions");
    }
    members.get_mut("employer").and_then(Value::as_object_mut).expect("an employer").remove("sector");
    members.retain(|_, value| !matches!(value, Value::Array(list) if list.is_empty()));
    carried
}

#[test]
fn what_the_format_can_carry_comes_in_whole() {
    for seed in 0..120 {
        let mut vacancy = made::vacancy(&mut Random::new(seed));
        // A skill outside the schemes is kept as text, as a test of its own says.
        let known = |skill: &Value| skill["uri"].as_str().is_some_and(|uri| !uri.contains("skills.example"));
        if let Some(skills) = vacancy.get_mut("skills").and_then(Value::as_array_mut) {
            skills.retain(known);
        }
        let xml = written("V-1", &vacancy);
        let record = only(position_opening::read(xml.as_bytes(), context()));
        assert_eq!(record.document, carried(&vacancy), "seed {seed}: {xml}");
        assert_eq!((record.key.as_str(), &record.notes), ("V-1", &vec![]), "seed {seed}");
    }
}

const SETU: &str = r#"<?xml version="1.0" encoding="windows-1252"?>
<jobs><PositionOpeningNL xmlns="http://ns.hr-xml.org/2007-04-15" xml:lang="nl">
  <PositionRecordInfo><Id idOwner="recruiter"><IdValue>R-9</IdValue></Id><Id idOwner="owner"><IdValue>V 12/3</IdValue></Id><Status>x:put</Status></PositionRecordInfo>
  <PositionSupplierNL><SupplierId idOwner="KVK"><IdValue>90000002</IdValue></SupplierId><EntityName>Bureau</EntityName><Role>recruiter</Role></PositionSupplierNL>
  <PositionSupplierNL><SupplierId idOwner="KVK"><IdValue>90000001</IdValue></SupplierId><EntityName>Voorbeeld B.V.</EntityName><Role>owner</Role></PositionSupplierNL>
  <PositionProfileNL><PositionDateInfo><StartAsSoonAsPossible>true</StartAsSoonAsPossible></PositionDateInfo>
    <PositionDetail>
      <PhysicalLocation><Area type="municipality"><Value>Urk</Value></Area></PhysicalLocation>
      <JobCategory><CategoryCode>7</CategoryCode></JobCategory>
      <FunctionName>Caf@-medewerker</FunctionName><FunctionDescription>&lt;p&gt;Een&lt;/p&gt;&lt;p&gt;twee&lt;/p&gt;</FunctionDescription>
      <SalaryScale>schaal 5</SalaryScale>
      <RemunerationPackage><BasePay currencyCode="EUR" baseInterval="x:FourWeekly"><BasePayAmountMin>2000</BasePayAmountMin><BasePayAmountMax>2500</BasePayAmountMax></BasePay></RemunerationPackage>
      <HoursPerWeek>32 - 40</HoursPerWeek>
      <ContractDetails><ContractDuration>predeterminedprospectpermanent</ContractDuration><TypeOfContract>direct</TypeOfContract><ContractFeatures><ContractFeature>4</ContractFeature></ContractFeatures></ContractDetails>
      <ContractDetails><ContractDuration>predetermined</ContractDuration><TypeOfContract>temporaryandsecondment</TypeOfContract></ContractDetails>
      <Requirements><EducationDegree>4</EducationDegree><WorkingAndThinkingLevel>MBO 3</WorkingAndThinkingLevel>
        <Qualifications><Competency name="lassen" description="TIG"/></Qualifications>
        <LicensesAndCertifications><LicenseOrCertification><Name>B</Name></LicenseOrCertification><LicenseOrCertification><Name>VCA</Name></LicenseOrCertification></LicensesAndCertifications>
        <Languages><Language><LanguageCode>nl</LanguageCode><Read>4</Read></Language></Languages></Requirements>
    </PositionDetail></PositionProfileNL>
  <ApplicationInformationNL><HowToApply><ApplicationMethod><MethodType>Email</MethodType><InternetEmailAddress>werk@voorbeeld.example</InternetEmailAddress><TravelDirections>Links</TravelDirections></ApplicationMethod></HowToApply></ApplicationInformationNL>
  <AdvertisementInfoNL><X>1</X></AdvertisementInfoNL><Vreemd>iets</Vreemd>
</PositionOpeningNL></jobs>"#;

#[test]
fn what_has_no_member_is_kept_or_named() {
    let bytes: Vec<u8> = SETU.bytes().map(|byte| if byte == b'@' { 0xe9 } else { byte }).collect();
    // The e-mail address has its @ back.
    let at = bytes.windows(5).position(|window| window == b"werk\xe9").expect("the address") + 4;
    let mut bytes = bytes;
    bytes[at] = b'@';
    let record = only(position_opening::read(&bytes, context()));
    let document = &record.document;
    assert_eq!(document["employer"], json!({"name": "Voorbeeld B.V.", "kvk": "90000001"}));
    assert_eq!(
        (&document["title"], &document["hours"], &document["minimumEducation"]),
        (&json!("Café-medewerker"), &json!({"min": 32, "max": 40}), &json!(30))
    );
    assert_eq!((&document["contracts"], &document["licences"]), (&json!([{"form": "fixed-term"}]), &json!(["B"])));
    assert_eq!((&document["application"], &document["location"]["place"]), (&json!({"email": "werk@voorbeeld.example"}), &json!("Urk")));
    assert!(document.get("salary").is_none() && record.key.as_str().starts_with("V-12-3-"), "{document}");
    let description = document["description"].as_str().expect("text");
    for kept in [
        "Een\n\ntwee\n\n",
        "Geplaatst door: Bureau",
        "Zo snel mogelijk: ja",
        "Beroepsgroep (code van SETU): 7",
        "Salarisschaal: schaal 5",
        "Salaris: 2000 – 2500 EUR x:FourWeekly",
        "Contract: direct, predeterminedprospectpermanent",
        "Contract: temporaryandsecondment, predetermined",
        "Kenmerken van het contract (codes van SETU): 4",
        "Niveau (code van SETU): 4",
        "Vaardigheid: lassen",
        "Bewijzen: VCA",
        "Talen: nl, 4",
        "Solliciteren: Links",
    ] {
        assert!(description.contains(kept), "{kept} in {description}");
    }
    for note in
        [("BasePay", "kept-as-text"), ("AdvertisementInfoNL", "left-out"), ("Vreemd", "unknown-field"), ("PhysicalLocation", "assumed")]
    {
        assert!(notes(&record).contains(&note), "{note:?} in {:?}", record.notes);
    }
}

#[test]
fn an_opening_of_hr_xml_is_read_too() {
    let xml = r#"<PositionOpening xmlns="http://ns.hr-xml.org/2007-04-15"><PositionRecordInfo><Id><IdValue>7</IdValue></Id><Status validTo="2027-01-31">Active</Status></PositionRecordInfo>
        <PositionPostings><PositionPosting><Id><IdValue>8</IdValue></Id></PositionPosting></PositionPostings>
        <PositionProfile xml:lang="EN"><Organization><OrganizationName>Example</OrganizationName></Organization><PositionDetail><PhysicalLocation><PostalAddress><CountryCode>BE</CountryCode><PostalCode>9000</PostalCode><Municipality>Gent</Municipality></PostalAddress></PhysicalLocation>
        <PositionTitle><![CDATA[Welder & fitter]]></PositionTitle></PositionDetail>
        <FormattedPositionDescription><Name>Tasks</Name><Value><![CDATA[<ul><li>weld</li></ul>]]></Value></FormattedPositionDescription>
        <HowToApply><ApplicationMethod><InternetWebAddress>https://werk.example/7</InternetWebAddress></ApplicationMethod></HowToApply></PositionProfile></PositionOpening>"#;
    let record = only(position_opening::read(xml.as_bytes(), context()));
    assert_eq!(
        record.document,
        json!({"title": "Welder & fitter", "description": "Tasks:\n- weld\n\nPlace: BE, 9000, Gent", "language": "en", "employer": {"name": "Example"}, "closingDate": "2027-01-31",
            "application": {"url": "https://werk.example/7"}})
    );
}

#[test]
fn who_is_taken_for_the_employer_without_being_called_the_owner_is_noted() {
    let supplier = |name: &str, kvk: &str, role: &str| {
        let role = if role.is_empty() { String::new() } else { format!("<Role>{role}</Role>") };
        format!(
            "<PositionSupplierNL><SupplierId idOwner=\"KVK\"><IdValue>{kvk}</IdValue></SupplierId><EntityName>{name}</EntityName>{role}</PositionSupplierNL>"
        )
    };
    let (bureau, bedrijf) = (supplier("Bureau", "90000002", ""), |role: &str| supplier("Bedrijf", "90000001", role));
    let read = |suppliers: &str| {
        let whole = format!(
            "<PositionOpeningNL><PositionRecordInfo><Id><IdValue>1</IdValue></Id></PositionRecordInfo>{suppliers}<PositionProfileNL><FunctionName>Lasser</FunctionName>\
             <FunctionDescription>Je last.</FunctionDescription></PositionProfileNL></PositionOpeningNL>"
        );
        let record = only(position_opening::read(whole.as_bytes(), context()));
        let noted = record.notes.iter().map(|note| (note.loss.code(), note.of.clone())).collect::<Vec<_>>();
        (record.document["employer"].clone(), noted, record.document["description"].as_str().expect("text").to_owned())
    };
    let (employer, noted, _) = read(&bureau);
    assert_eq!(employer, json!({"name": "Bureau", "kvk": "90000002"}));
    assert_eq!(noted, [("assumed", "Bureau".to_owned())], "which one was taken, and that nobody called it that");
    // The owner is the employer wherever it stands, and nothing of another is mixed into it.
    for suppliers in [format!("{bureau}{}", bedrijf("Owner")), format!("{}{bureau}", bedrijf("owner"))] {
        let (employer, noted, description) = read(&suppliers);
        assert_eq!(employer, json!({"name": "Bedrijf", "kvk": "90000001"}), "{suppliers}");
        assert_eq!(noted, [("kept-as-text", "Bureau".to_owned())]);
        assert!(description.contains("Geplaatst door: Bureau"), "{description}");
    }
    // Of two without a role the first.
    let (employer, noted, _) = read(&format!("{bureau}{}", bedrijf("")));
    assert_eq!(employer, json!({"name": "Bureau", "kvk": "90000002"}));
    assert_eq!(noted, [("assumed", "Bureau".to_owned()), ("kept-as-text", "Bedrijf".to_owned())]);
}

#[test]
fn what_its_sender_takes_back_is_named_as_ended() {
    let vacancy = json!({"title": "Lasser", "description": "x", "employer": {"name": "B.V."}});
    let read = position_opening::read(written("V-1", &vacancy).replace("x:put", "x:delete").as_bytes(), context());
    let ended: Vec<_> = read.ended.iter().map(|ended| (ended.key.as_str(), ended.because)).collect();
    assert_eq!((ended, read.records.len()), (vec![("V-1", NotLive::Withdrawn)], 0));
}

#[test]
fn a_bad_record_never_spoils_a_good_one_and_says_its_line() {
    let one = |key: &str, text: &str| written(key, &json!({"title": "Lasser", "description": text, "employer": {"name": "B.V."}}));
    let deep = format!(
        "<PositionOpening><PositionRecordInfo><Id><IdValue>5</IdValue></Id></PositionRecordInfo>{}{}</PositionOpening>",
        "<a>".repeat(60),
        "</a>".repeat(60)
    );
    let list = [
        one("1", "goed"),
        one("2", "bel 111222333"),
        one("1", "goed"),
        one("3", "goed").replace("FunctionName", "Naam"),
        one("4", "x").replace("EntityName", "Naam"),
        deep,
        "<PositionOpening/>".to_owned(),
        one("6", "goed"),
    ];
    let read = position_opening::read(format!("<list>\n{}\n</list>", list.join("\n")).as_bytes(), context());
    read.records.iter().for_each(assert_valid);
    assert_eq!(read.records.iter().map(|record| record.key.as_str()).collect::<Vec<_>>(), ["1", "6"]);
    let expected = [
        ("record 2, line 3", "FunctionDescription", "rule"),
        ("record 3, line 4", "", "key-twice"),
        ("record 4, line 5", "FunctionName", "missing"),
        ("record 5, line 6", "OrganizationName", "missing"),
        ("record 6, line 7", "", "too-much"),
        ("record 7, line 8", "Id", "missing"),
    ];
    assert_eq!(refused(&read), expected.map(|(place, field, code)| (place.to_owned(), field, code)));
}

#[test]
fn what_is_no_vacancy_at_all_is_refused_as_a_whole() {
    let code = |bytes: &[u8]| position_opening::read(bytes, context()).refused.iter().map(|refused| refused.why.code()).collect::<Vec<_>>();
    assert_eq!(code(b"<a/>"), ["nothing-found"]);
    assert_eq!(code(b""), ["not-of-the-format"]);
    assert_eq!(code(b"<PositionOpening>"), ["not-of-the-format"]);
    assert_eq!(code(b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><PositionOpening/>"), ["document-type"]);
    assert_eq!(code(b"<PositionOpening>&xxe;</PositionOpening>"), ["not-of-the-format"]);
    assert_eq!(code(b"<PositionOpening>\xe9</PositionOpening>"), ["encoding"]);
    // On the line where it ends, or where it is none, which is said once.
    let place = |text: &str| {
        let read = position_opening::read(text.as_bytes(), context());
        let [refused] = &read.refused[..] else { panic!("{:?}", read.refused) };
        (refused.place.line, refused.why.to_string())
    };
    let cut = place("<list>\n<PositionOpening>\n<Id>1</Id>\n");
    assert!(cut.0 == Some(3) && cut.1.contains("it ends in the middle") && !cut.1.contains("line"), "{cut:?}");
    let wrong = place("<list>\n<PositionOpening>\n</list>");
    assert!(wrong.0 == Some(3) && wrong.1.contains("column") && !wrong.1.contains("line"), "{wrong:?}");
    assert_eq!(place("<list>\n<PositionOpening>&xxe;</PositionOpening></list>").0, Some(2));
}

#[test]
fn whatever_comes_in_what_comes_out_is_valid() {
    let mut read = 0;
    for seed in 0..250 {
        let mut random = Random::new(seed);
        let xml = written("V-1", &made::vacancy(&mut random));
        // Mostly XML still, with something else where a text stood.
        let ends: Vec<usize> =
            xml.match_indices('>').map(|(at, _)| at + 1).filter(|at| !xml[*at..].starts_with('<') && *at < xml.len()).collect();
        let at = *random.pick(&ends);
        let long = "x".repeat(20_000);
        let odd = *random.pick(&["", "-1", "1e400", "\u{202e}", "99999999999999999999", "2027-02-30", &long, "&#160;", "<a><b/></a>"]);
        let other = format!("{}{odd}{}", &xml[..at], &xml[at + xml[at..].find('<').expect("an end")..]);
        let bytes = if random.chance(30) { mangled(&mut random, xml.as_bytes()) } else { other.into_bytes() };
        let out = position_opening::read(&bytes, context());
        assert!(!out.records.is_empty() || !out.refused.is_empty() || !out.ended.is_empty(), "seed {seed}");
        out.records.iter().for_each(assert_valid);
        read += out.records.len();
    }
    assert!(read > 100, "{read}");
}
