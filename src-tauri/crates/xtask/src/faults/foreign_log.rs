//! Files of a database that is not encrypted, as another program leaves them.

const PAGE: u32 = 4096;

/// The first page of a plain database.
pub fn plain_database() -> Vec<u8> {
    let mut page = b"SQLite format 3\0".to_vec();
    page.extend([0x10, 0x00, 2, 2, 0, 64, 32, 32]);
    page.resize(100, 0);
    // An empty schema.
    page.extend([0x0d, 0, 0, 0, 0, 0x10, 0, 0]);
    page.resize(PAGE as usize, 0);
    page
}

/// A write-ahead log of so many pages, every checksum of which is right.
pub fn plain(pages: u32) -> Vec<u8> {
    let salts = [0x1234_5678u32, 0x9abc_def0];
    let mut log = Vec::new();
    for number in [0x377f_0682, 3_007_000, PAGE, 0, salts[0], salts[1]] {
        log.extend(number.to_be_bytes());
    }
    let mut sum = checksum((0, 0), &log);
    push_sum(&mut log, sum);
    for page in 1..=pages {
        let bytes = if page == 1 {
            plain_database()
        } else {
            vec![b'z'; PAGE as usize]
        };
        // Each commits, with the database's length in pages.
        let mut head = page.to_be_bytes().to_vec();
        head.extend(pages.to_be_bytes());
        sum = checksum(checksum(sum, &head), &bytes);
        for salt in salts {
            head.extend(salt.to_be_bytes());
        }
        push_sum(&mut head, sum);
        log.extend(head);
        log.extend(bytes);
    }
    log
}

fn push_sum(bytes: &mut Vec<u8>, sum: (u32, u32)) {
    bytes.extend(sum.0.to_be_bytes());
    bytes.extend(sum.1.to_be_bytes());
}

/// SQLite's checksum over words in this processor's order, which the log's first word names.
fn checksum(mut sum: (u32, u32), bytes: &[u8]) -> (u32, u32) {
    for pair in bytes.chunks_exact(8) {
        let word = |at: usize| {
            let word = pair.get(at..at + 4).and_then(|word| word.try_into().ok());
            u32::from_le_bytes(word.unwrap_or_default())
        };
        sum.0 = sum.0.wrapping_add(word(0)).wrapping_add(sum.1);
        sum.1 = sum.1.wrapping_add(word(4)).wrapping_add(sum.0);
    }
    sum
}
