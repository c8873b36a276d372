//! A ledger on a network drive is refused: its locks and its write-ahead log need one machine's memory.

use std::path::Path;

use crate::domain::fault::{Fault, FaultKind};

/// File systems whose number alone says that another machine holds the files.
#[cfg(target_os = "linux")]
const NUMBERS: [(u64, &str); 10] = [
    (0x6969, "NFS"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB"),
    (0x517B, "SMB"),
    (0x0102_1997, "9P"),
    (0x00C3_6400, "Ceph"),
    (0x5346_414F, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0BD0_0BD0, "Lustre"),
    (0x786F_4256, "VirtualBox 共享文件夹"),
];

/// All FUSE file systems share one number; the mount table tells a local NTFS stick from a remote folder.
#[cfg(target_os = "linux")]
const FUSE: u64 = 0x6573_5546;

/// What FUSE mounts of other machines' files call themselves, after `fuse.`.
const REMOTE_FUSE: [&str; 12] = [
    "sshfs",
    "rclone",
    "davfs",
    "davfs2",
    "curlftpfs",
    "glusterfs",
    "s3fs",
    "smbnetfs",
    "gvfsd-fuse",
    "ceph-fuse",
    "vmhgfs-fuse",
    "juicefs",
];

/// Refuses a folder or file that lies on a network drive.
pub fn refuse(path: &Path) -> Result<(), Fault> {
    match name(path) {
        None => Ok(()),
        Some(kind) => Err(Fault::new(
            FaultKind::World,
            format!(
                "{} 在网络盘（{kind}）上：网络盘不能保证写入和加锁可靠，台账会损坏",
                path.display()
            ),
        )
        .hint("请放在本机磁盘上；几个人合用请登录同一台机器，用 init --shared 建共享文件夹。")),
    }
}

#[cfg(target_os = "linux")]
fn name(path: &Path) -> Option<String> {
    // A ledger still to be made: its folder, or the nearest that exists, decides.
    let there = path.ancestors().find(|part| part.exists()).unwrap_or(Path::new("."));
    let number = u64::try_from(rustix::fs::statfs(there).ok()?.f_type).ok()? & 0xFFFF_FFFF;
    if number != FUSE {
        return NUMBERS
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, name)| (*name).to_owned());
    }
    let device = rustix::fs::stat(there).ok()?.st_dev;
    let device = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    remote_mount(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, &device)
}

/// The type of the mount with this device number in a mount table, if it is a remote one.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
fn remote_mount(table: &str, device: &str) -> Option<String> {
    let line = table.lines().find(|line| line.split(' ').nth(2) == Some(device))?;
    let kind = line.split(" - ").nth(1)?.split(' ').next()?;
    let remote = kind
        .strip_prefix("fuse.")
        .is_some_and(|name| REMOTE_FUSE.contains(&name));
    remote.then(|| kind.to_owned())
}

/// Elsewhere only a path that names another machine is known to be remote.
#[cfg(not(target_os = "linux"))]
fn name(path: &Path) -> Option<String> {
    let full = std::path::absolute(path).ok()?;
    let text = full.to_string_lossy();
    let unc = text.starts_with(r"\\") && !text.starts_with(r"\\?\") && !text.starts_with(r"\\.\");
    (unc || text.starts_with(r"\\?\UNC\")).then(|| "UNC".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_mount_is_told_from_a_local_stick() {
        let table = "30 1 0:42 / /mnt/a rw,nosuid - fuse.sshfs host:/ rw,user_id=0\n\
                     31 1 8:17 / /mnt/stick rw shared:1 - fuseblk /dev/sdb1 rw\n";
        assert_eq!(remote_mount(table, "0:42").as_deref(), Some("fuse.sshfs"));
        assert_eq!(remote_mount(table, "8:17"), None);
        assert_eq!(remote_mount(table, "9:9"), None);
    }

    #[test]
    fn the_machines_own_disk_is_accepted_before_the_folder_exists() {
        let folder = std::env::temp_dir().join("not-yet").join("deeper");
        assert_eq!(refuse(&folder), Ok(()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn every_known_number_is_a_file_system_of_another_machine() {
        // tmpfs, ext4, xfs, btrfs, fuse itself: all may hold a ledger.
        for local in [0x0102_1994, 0xEF53, 0x5846_5342, 0x9123_683E, FUSE] {
            assert!(NUMBERS.iter().all(|(number, _)| *number != local));
        }
    }
}
