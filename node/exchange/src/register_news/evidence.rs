//! Evidence of a contradiction, for people: files in the data directory, and a line in the log.

use std::path::{Path, PathBuf};

use polder_trust::register::{About, Contradiction, File, Signed};

/// Writes the two documents as they came. A disk that is full changes nothing else: they are in the database already.
pub(super) async fn write(directory: &Path, found: &Contradiction, from: &str) {
    let (kind, name) = match found.about {
        About::Root(version) => ("root", version.to_string()),
        About::Members(epoch, version) => ("members", format!("{epoch}-{version}")),
    };
    tracing::error!(
        from,
        what = kind,
        version = name,
        evidence = %directory.display(),
        "two register documents contradict each other, both signed by enough keys: nothing is taken from either, nothing personal leaves; \
         send the evidence to the stewards, who settle it with a new root (polder register recover)"
    );
    let files: Vec<(PathBuf, File)> =
        found.documents.iter().map(|file| (directory.join(file_name(kind, &name, file)), file.clone())).collect();
    let directory = directory.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&directory)?;
        files.iter().try_for_each(|(path, file)| std::fs::write(path, file))
    });
    match written.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the evidence could not be written to files; it is in the database"),
        Err(error) => tracing::error!(%error, "the evidence could not be written to files; it is in the database"),
    }
}

fn file_name(kind: &str, name: &str, file: &File) -> String {
    let sha256 = Signed::parse(file).map(|signed| signed.sha256()).unwrap_or_default();
    format!("{kind}-{name}-{sha256}.json")
}
