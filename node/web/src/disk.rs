//! Room on a disk.

use std::io;
use std::path::Path;

/// Below so many free bytes nothing can be stored: a transaction of the database needs as much.
pub const NO_ROOM: u64 = 1024 * 1024;
/// Below so many free bytes nothing can be stored soon.
pub const LEAST_ROOM: u64 = 100 * 1024 * 1024;
/// Below so many, people have time to make room.
pub const LITTLE_ROOM: u64 = 1024 * 1024 * 1024;

/// What is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskRoom {
    /// Bytes.
    pub bytes: u64,
    /// Bytes of the whole, free or not.
    pub whole: u64,
    /// Files that can still be made; `None` of a file system that makes room for them as it goes.
    pub files: Option<u64>,
}

/// What is free where that path is.
///
/// # Errors
/// When it cannot be read.
pub fn disk_room(path: &Path) -> io::Result<DiskRoom> {
    let found = rustix::fs::statvfs(path)?;
    let files = (found.f_files > 0).then_some(found.f_favail);
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Ok(DiskRoom { bytes: bytes(found.f_bavail), whole: bytes(found.f_blocks), files })
}
