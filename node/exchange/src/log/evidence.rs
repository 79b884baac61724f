//! Evidence of two histories of one log, for people: files in the data directory, and a line in the program's log.

use std::path::Path;

use polder_model::PartnerId;
use polder_trust::log::Origin;
use sha2::{Digest, Sha256};

use crate::register_news::EVIDENCE;

/// Writes the two checkpoints as they came. A disk that is full changes nothing else: they are in the database already.
pub(super) async fn write(data: &Path, origin: &Origin, notes: [&str; 2], from: &PartnerId) {
    let directory = data.join(EVIDENCE);
    tracing::error!(
        %from,
        log = %origin,
        evidence = %directory.display(),
        "this log has two histories, both signed by its partner: it was changed. This node cosigns the one that it knew alone; send the evidence to the \
         stewards (docs/log.md)"
    );
    let name = |note: &str| format!("log-{}-{}.txt", origin.to_string().replace(['/', ':'], "-"), hex::encode(Sha256::digest(note)));
    let files = notes.map(|note| (directory.join(name(note)), note.to_owned()));
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&directory)?;
        files.iter().try_for_each(|(path, note)| std::fs::write(path, note))
    });
    match written.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the evidence could not be written to files; it is in the database"),
        Err(error) => tracing::error!(%error, "the evidence could not be written to files; it is in the database"),
    }
}
