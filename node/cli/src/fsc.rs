//! FSC as the web room takes it: with the certificates of Inway and Outways read.

use std::path::Path;

use polder_trust::keys::SpkiPin;
use polder_web::{InwayAt, OutwayAt, Outways};
use reqwest::header::HeaderValue;

use crate::config::Fsc;
use crate::exit::Failure;

/// The Inway before this node, where there is one.
pub(crate) fn inway(fsc: &Fsc) -> Result<Option<InwayAt>, Failure> {
    let Some(inway) = &fsc.inway else { return Ok(None) };
    let peers = fsc.partners.iter().filter_map(|one| Some((one.peer_id.clone()?, one.partner.clone()))).collect();
    Ok(Some(InwayAt {
        group: inway.group.clone(),
        peer_id: inway.peer_id.clone(),
        service: inway.service.clone(),
        address: inway.address.clone(),
        keys: inway.keys.clone(),
        algorithm: inway.algorithm.clone(),
        certificate: inway.certificate.as_deref().map(|file| pin("fsc.inway_certificate", file)).transpose()?,
        peers,
    }))
}

/// The partners that are called through an Outway.
pub(crate) fn outways(fsc: &Fsc) -> Result<Outways, Failure> {
    let mut outways = Outways::new();
    for one in &fsc.partners {
        let Some(outway) = &one.outway else { continue };
        let grant_hash = HeaderValue::try_from(outway.grant_hash.as_str());
        let grant_hash = grant_hash.map_err(|_| Failure::configuration("fsc.partner.grant_hash: it cannot stand in a header"))?;
        let certificate = outway.certificate.as_deref().map(|file| pin("fsc.partner.outway_certificate", file)).transpose()?;
        outways.insert(one.partner.clone(), OutwayAt { url: outway.url.clone(), grant_hash, certificate });
    }
    Ok(outways)
}

/// The key of the first certificate in a file.
fn pin(key: &str, file: &Path) -> Result<SpkiPin, Failure> {
    SpkiPin::of_file(file).map_err(|problem| Failure::configuration(format!("{key}: {}: {problem}", file.display())))
}
