use super::{Fit, LONGEST_TEXT, Mention, TextLanguage};
use crate::reference::Reference;

fn mentions(text: &str, language: TextLanguage) -> Vec<Mention<'static>> {
    Reference::starter().skills_in(text, language, 20)
}

fn found(text: &str) -> Vec<(&'static str, Fit, &str)> {
    mentions(text, TextLanguage::Nl).into_iter().map(|one| (one.skill.label_nl.as_str(), one.fit, &text[one.at])).collect()
}

fn labels(text: &str) -> Vec<&'static str> {
    found(text).into_iter().map(|(label, ..)| label).collect()
}

#[test]
fn a_label_word_for_word() {
    assert_eq!(found("Je gaat WERKTEKENINGEN  lezen."), [("2D-tekeningen lezen", Fit::Named, "WERKTEKENINGEN  lezen")]);
    assert_eq!(found("Ervaring met programmeren?"), [("programmeren", Fit::Named, "programmeren")]);
}

#[test]
fn inflected_words() {
    let text = "Een collega die orders verzamelt en de heftruck rijdt.";
    assert_eq!(
        found(text),
        [("orders verzamelen", Fit::Inflected, "orders verzamelt"), ("heftruck rijden", Fit::Inflected, "heftruck rijdt")]
    );
}

#[test]
fn compounds_and_their_parts() {
    assert_eq!(
        found("Je doet de administratie van de voorraad"),
        [("voorraadsystemen bijhouden", Fit::Apart, "administratie van de voorraad")]
    );
    assert_eq!(found("de voorraadadministratie"), [("voorraadsystemen bijhouden", Fit::Named, "voorraadadministratie")]);
}

#[test]
fn words_in_another_order_within_a_clause_alone() {
    assert_eq!(found("Jij bedient gasten aan tafel"), [("aan tafel bedienen", Fit::Apart, "bedient gasten aan tafel")]);
    assert!(!labels("Er staat een tafel. Jij bedient een machine.").contains(&"aan tafel bedienen"));
}

#[test]
fn a_verb_whose_first_part_stands_apart() {
    let separable = Reference::starter().skills().iter().find(|skill| skill.label_nl == "schappen vullen");
    let labels_of = separable.map(|skill| skill.labels().collect::<Vec<_>>());
    assert!(labels_of.is_some_and(|labels| labels.contains(&"winkelschappen bijvullen")), "the table has such a verb");
    for text in ["Je vult de winkelschappen bij", "Je hebt de winkelschappen bij te vullen"] {
        assert!(labels(text).contains(&"schappen vullen"), "{text}: {:?}", found(text));
    }
}

#[test]
fn what_is_denied_is_not_found() {
    for text in ["Je hoeft geen heftruck te rijden", "Ervaring met orders verzamelen is niet nodig", "Zonder te programmeren"] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
    assert_eq!(labels("Niet alleen programmeren, ook testen").first(), Some(&"programmeren"));
}

#[test]
fn the_longer_label_stands_for_the_shorter_within_it() {
    let one_word = labels("Je werkt met de heftruck");
    assert_eq!(one_word, ["heftruck rijden"]);
    assert_eq!(found("heftruck")[0].1, Fit::Loose, "one simple word that is another label");
    assert_eq!(found("heftruck rijden").len(), 1);
}

#[test]
fn english_texts_by_english_labels() {
    let text = "You will serve food in table service and are programming.";
    let found = mentions(text, TextLanguage::En);
    assert_eq!(found[0].skill.label_nl, "aan tafel bedienen");
    assert_eq!(
        (found[0].label, found[0].fit, &text[found[0].at.clone()]),
        ("serve food in table service", Fit::Named, "serve food in table service")
    );
    assert!(mentions(text, TextLanguage::Nl).is_empty(), "{:?}", mentions(text, TextLanguage::Nl));
}

#[test]
fn every_label_is_found_in_itself() {
    // Groups are none that somebody has.
    for skill in Reference::starter().skills().iter().filter(|skill| skill.weight > 100) {
        for label in std::iter::once(&skill.label_nl).chain(&skill.alternatives_nl) {
            let found = mentions(label, TextLanguage::Nl);
            let has_words = super::words::places(label)
                .any(|(at, _)| super::words::stem(TextLanguage::Nl, &crate::reference::fold(&label[at])).is_some());
            let denied = label.split(' ').any(|word| super::words::DENY_BEFORE.contains(&word));
            let fits: Vec<_> = found.iter().map(|one| (one.label, one.fit, one.at.clone())).collect();
            assert!(!has_words || denied || found.iter().any(|one| one.skill.uri == skill.uri), "{label} of {}: {fits:?}", skill.label_nl);
        }
    }
}

#[test]
fn any_text_in_bounded_time() {
    let every: String =
        Reference::starter().skills().iter().flat_map(|skill| [&skill.label_nl, " é\u{301}🚜 "]).cycle().take(40_000).collect();
    assert!(every.len() > LONGEST_TEXT);
    for text in
        [every.as_str(), &"lassen ".repeat(30_000), &"é".repeat(100_000), &"\u{1F69C}".repeat(50_000), &"a".repeat(LONGEST_TEXT - 1), ""]
    {
        let begun = std::time::Instant::now();
        let found = mentions(text, TextLanguage::Nl);
        assert!(found.len() <= 20 && found.iter().all(|one| text.get(one.at.clone()).is_some() && one.at.end <= LONGEST_TEXT));
        assert!(begun.elapsed().as_secs() < 5, "{} bytes took {:?}", text.len(), begun.elapsed());
    }
}
