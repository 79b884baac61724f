//! Room on the disk of the data directory.

use std::path::Path;

use polder_web::{DiskRoom, LEAST_ROOM as LEAST, LITTLE_ROOM as LITTLE, disk_room};

use super::Check;

const ABOUT: &str = "disk";
const MIB: u64 = 1024 * 1024;
/// Below the first so few files can still be made that nothing can be stored soon; below the other, people have time to make room.
const FILES: (u64, u64) = (1_000, 10_000);

/// Free bytes, and files that can still be made, where the data is.
pub(crate) fn check(data: &Path) -> Check {
    let there = data.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    match disk_room(there) {
        Err(error) => Check::warning(ABOUT, format!("{}: how much is free cannot be read: {error}", there.display()), "look with df"),
        Ok(DiskRoom { bytes, files, .. }) => judge(there, bytes, files),
    }
}

fn judge(there: &Path, bytes: u64, files: Option<u64>) -> Check {
    let says = format!("{} MiB free in {}", bytes / MIB, there.display());
    if bytes < LEAST {
        Check::failure(
            ABOUT,
            says,
            "make room: when the disk is full nothing is stored any more, and the node says 507 (docs/operating.md)",
        )
    } else if files.is_some_and(|files| files < FILES.0) {
        Check::failure(ABOUT, format!("{says}, and hardly a file more can be made"), "remove small files, or use another file system")
    } else if bytes < LITTLE {
        Check::warning(ABOUT, says, "make room, or give the data another disk")
    } else if files.is_some_and(|files| files < FILES.1) {
        Check::warning(ABOUT, format!("{says}, and few files more can be made"), "remove small files, or use another file system")
    } else {
        Check::ok(ABOUT, says)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn little_room_is_told_and_none_fails() {
        let grade = |bytes, files| judge(Path::new("/"), bytes, files).grade;
        assert_eq!(grade(LITTLE, None), Grade::Ok);
        assert_eq!(grade(LITTLE - 1, Some(1_000_000)), Grade::Warning);
        assert_eq!(grade(LEAST - 1, None), Grade::Failure);
        assert_eq!((grade(LITTLE, Some(9_999)), grade(LITTLE, Some(999))), (Grade::Warning, Grade::Failure));
    }
}
